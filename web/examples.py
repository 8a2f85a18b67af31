"""The rules by example; every number is worked out from the rulebook."""

from decimal import Decimal
from typing import Any, Final

from community.words import Sentence, say
from points.rulebook import Rule, Split
from points.rulebook_tables import Acclaim, Participants, ParticipantsAndOutcomes, Repliers
from web.reasons import filled

THRESHOLDS: Final[list[tuple[type[Any], Sentence]]] = [
    (Repliers, say("至少 %(repliers)s 位其他教师回复")),
    (Acclaim, say("至少 %(raters)s 位教师评 %(stars)s 星或以上，且全部评价平均不低于 %(mean)s 星")),
    (ParticipantsAndOutcomes, say("工作坊主以外至少 %(participants)s 位参与者，且至少 %(outcomes)s 份成果")),
    (Participants, say("当年工作坊主以外至少 %(participants)s 位参与者")),
]
REACHED: Final = {
    "topic_discussed": say("第 %(n)s 位其他老师回复的那一刻，您得 %(points)s 分；同一位老师回复多次，只算一位。"),
    "popular_topic": say("第 %(n)s 位其他老师回复的那一刻，您再得 %(points)s 分，与“发表研讨话题”各算各的。"),
    "excellent_resource": say("第 %(n)s 位老师给出好评且平均达到要求时，您得 %(points)s 分；平均再降也不收回。"),
    "activity_participation": say("第 %(n)s 位参与者来了且有成果后，每位得 %(points)s 分；再来的，来时即得。"),
    "homework_recommended": say("您的 3 份作业被推优，得 %(thrice)s 分；同一份作业只推优一次。"),
    "workshop_active": say("当年第 %(n)s 位参与者来时，工作坊主得 %(host)s 分，参与者每人得 %(participant)s 分。"),
    "workshop_featured": say("工作坊置顶时，工作坊主得 %(host)s 分，此前参与过的每人得 %(participant)s 分。"),
}
OVER: Final = {
    "share_resource": say(
        "一年分享 %(times)s 份资源，共 %(gross)s 分，计入 %(cap)s 分；移除一份，仍计入 %(rest)s 分。"
    ),
    "found_workshop": say("一年主持创立 %(times)s 个工作坊，共 %(gross)s 分，计入 %(cap)s 分。"),
    "create_activity": say("一年创建 %(times)s 个活动，共 %(gross)s 分，计入 %(cap)s 分。"),
}


def threshold_of(rule: Rule) -> Sentence | None:
    """From where on the rule pays; None when the act alone suffices."""
    for kind, sentence in THRESHOLDS:
        if isinstance(rule.threshold, kind):
            return filled(sentence, **_figures(rule))
    return None


def examples_of(rule: Rule) -> list[Sentence]:
    """What the rule comes to in a case or two."""
    figures, found = _figures(rule), []
    if rule.id in REACHED:
        found.append(filled(REACHED[rule.id], **figures))
    if rule.id in OVER and rule.cap and not isinstance(rule.points, Split):
        times = -(-rule.cap // rule.points) + 2
        gross = times * rule.points
        more = {"times": times, "gross": gross, "cap": rule.cap, "rest": min(rule.cap, gross - rule.points)}
        found.append(filled(OVER[rule.id], **more))
    return found


def _figures(rule: Rule) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if isinstance(rule.points, Split):
        given.update(host=rule.points.host, participant=rule.points.participant)
    else:
        given.update(points=rule.points, thrice=3 * rule.points)
    for name in ("repliers", "raters", "stars", "participants", "outcomes"):
        value = getattr(rule.threshold, name, None)
        if value is not None:
            given[name] = value
            if name in ("repliers", "raters", "participants"):
                given["n"] = value
    if isinstance(rule.threshold, Acclaim):
        mean = rule.threshold.mean
        given["mean"] = f"{Decimal(mean.numerator) / Decimal(mean.denominator):f}"
    return given
