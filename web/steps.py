"""How far things and rules have come, in words."""

from collections.abc import Mapping, Sequence
from typing import Final

from community.things import Title
from community.words import Sentence, say
from points.nearest import OWN, Act
from points.progress import Progress
from points.statements import RuleProgress, ThingProgress
from web.numbers import number
from web.reasons import filled

LACKS: Final = {
    "repliers": (say("《%(title)s》还差 %(n)s 人参与"), say("一个话题还差 %(n)s 人参与")),
    "raters": (say("《%(title)s》还差 %(n)s 人好评"), say("一份资源还差 %(n)s 人好评")),
    "mean": (say("《%(title)s》平均还不到 %(needs)s 星"), say("一份资源平均还不到 %(needs)s 星")),
    "participants": (say("《%(title)s》还差 %(n)s 人参与"), say("一个工作坊还差 %(n)s 人参与")),
    "outcomes": (say("《%(title)s》还差 %(n)s 份成果"), say("一个活动还差 %(n)s 份成果")),
}
COUNTED: Final = {
    "share_resource": say("%(n)s 份资源"),
    "topic_discussed": say("%(n)s 个话题达到人数"),
    "found_workshop": say("%(n)s 个工作坊"),
    "create_activity": say("%(n)s 个活动"),
    "excellent_resource": say("%(n)s 份优秀资源"),
    "popular_topic": say("%(n)s 个话题达到人数"),
    "activity_participation": say("%(n)s 次活动"),
    "homework_recommended": say("%(n)s 份作业"),
    "workshop_active": say("%(n)s 个活跃工作坊"),
    "workshop_featured": say("%(n)s 个置顶工作坊"),
}
PARTAKING: Final = {"participants": say("还差 %(n)s 人参与"), "outcomes": say("还差 %(n)s 份成果")}
FULL: Final = {"share_resource": say("已达上限，再分享计 0 分")}


def lacks(step: Progress, title: Title | None) -> Sentence:
    """What a thing still lacks of one measure."""
    with_title, without = LACKS[step.measure]
    missing = number(max(0, round(step.needs - step.has)))
    given = {"n": missing} if step.measure != "mean" else {"needs": f"{step.needs:g}"}
    return filled(with_title, title=title.text, **given) if title else filled(without, **given)


def of_rule(
    rule: RuleProgress, standing: Mapping[str, int], ahead: Sequence[ThingProgress], titles: Mapping[str, Title]
) -> Sentence:
    """One sentence on a rule: that its cap is reached, what is nearest, or how often it was earned."""
    if rule.cap is not None and rule.counted >= rule.cap:
        return FULL.get(rule.rule, say("已达上限，再有也计 0 分"))
    nearest = next((thing for thing in ahead if thing.rule == rule.rule and rule.rule in OWN and thing.share > 0), None)
    if nearest is not None:
        return lacks(next(step for step in nearest.measures if not step.reached), titles.get(nearest.thing))
    if count := standing.get(rule.rule):
        return filled(COUNTED[rule.rule], n=number(count))
    return say("还没有")


def of_act(act: Act, titles: Mapping[str, Title]) -> list[Sentence]:
    """What an act asks for."""
    if act.thing is None:
        return [say("分享一份资源") if act.times == 1 else say("分享 %(n)s 份资源", n=act.times)]
    return [lacks(step, titles.get(act.thing)) for step in act.lacking]


def of_partaking(title: str, steps: Sequence[Progress]) -> list[Sentence]:
    """What taking part in an activity asks for: it, and what the activity still lacks before it pays."""
    lacking = [(PARTAKING[step.measure], step.needs - step.has) for step in steps if not step.reached]
    return [say("参加《%(title)s》", title=title), *(filled(said, n=number(round(n))) for said, n in lacking)]
