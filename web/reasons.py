"""What an entry of a passbook is called, who brought it and why it counted so: one table for pages and for paper."""

from collections.abc import Callable
from typing import Any, Final

from community.words import Sentence, say
from points.statements import PassbookCause, PassbookEntry
from web.numbers import number

CAUSES: Final = {
    "reversal": say("收回：%(name)s"),
    "restoration": say("归还：%(name)s"),
    "redemption": say("积分兑换学时"),
    "cancellation": say("取消兑换"),
    "registration": say("登记：%(name)s"),
    "withdrawal": say("撤下登记：%(name)s"),
}
"""What an entry is called, with the name of its clause; awards and a year's end go by that name alone."""

DID: Final = {
    "share": say("%(who)s共享"),
    "revise": say("%(who)s修订"),
    "rate": say("%(who)s评价"),
    "open_topic": say("%(who)s发表话题"),
    "reply": say("%(who)s回复"),
    "found_workshop": say("%(who)s创立工作坊"),
    "create_activity": say("%(who)s创建活动"),
    "take_part": say("%(who)s参加"),
    "submit": say("%(who)s提交"),
    "recommend": say("%(who)s推优"),
    "retract": say("%(who)s撤回参与"),
    "feature": say("%(who)s置顶"),
    "remove": say("%(who)s移除"),
    "restore": say("%(who)s恢复"),
    "revoke": say("%(who)s撤销积分"),
    "redeem": say("%(who)s兑换"),
    "cancel_redemption": say("%(who)s取消兑换"),
    "register_hours": say("%(who)s登记学时"),
    "withdraw_hours": say("%(who)s撤下登记"),
}
SELF: Final = say("本人")
Namer = Callable[[str], str]
"""How a person, or a thing, is called by its id."""


def filled(sentence: Sentence, **given: Any) -> Sentence:
    """A sentence of a table, with what is put in."""
    return Sentence(sentence.pattern, given)


def called(entry: PassbookEntry) -> Sentence:
    """What the entry is called."""
    return filled(CAUSES.get(entry.kind, say("%(name)s")), name=Sentence(entry.name, {}))


def brought_by(teacher: str, entry: PassbookEntry, person: Namer) -> Sentence | None:
    """Who did what, unless it goes without saying or the reason says it."""
    cause = entry.cause
    if cause is None or entry.kind in ("redemption", "registration", "earned_nothing", "reversal"):
        return None
    if cause.verb in ("share", "found_workshop", "create_activity"):
        return None
    if entry.kind in ("cancellation", "withdrawal"):
        who = SELF if cause.actor == teacher else person(cause.actor)
        return say("%(who)s办理", who=who)
    return filled(DID[cause.verb], who=SELF if cause.actor == teacher else person(cause.actor))


def reason(teacher: str, entry: PassbookEntry, person: Namer, thing: Namer) -> Sentence | None:
    """Why something earned nothing, was taken back or came back."""
    actor = entry.cause.actor if entry.cause is not None else ""
    by = SELF if actor == teacher else person(actor)
    match entry.kind, entry.why:
        case "earned_nothing", "duplicate_content":
            if entry.first and entry.first != entry.thing:
                return say("内容与%(other)s重复，不计", other=thing(entry.first))
            return say("内容与另一份资源重复，不计")
        case "reversal", "removed":
            return say("被%(who)s移除", who=by)
        case "reversal", "retracted":
            return say("参与被%(who)s撤回", who=by)
        case "reversal", "revoked":
            return say("被%(who)s撤销，不再归还", who=by)
        case "expiry", _:
            return say("年度结束，欠分一并清零") if entry.counted > 0 else say("年度结束，余下的积分清零")
        case "carry", _:
            return say("上一年度转入，有效一年，优先使用")
    return None


def limited(entry: PassbookEntry) -> Sentence | None:
    """What a cap left of the entry."""
    if entry.limit is None:
        return None
    points = entry.rule is not None
    gross, counted = (entry.gross, entry.counted) if points else (entry.hours_gross, entry.hours_counted)
    limit = number(entry.limit)
    if gross < 0 and not counted:
        return say("上限之外，余额不变")
    if gross < 0:
        lost = {"gross": -gross, "counted": -counted}
        return filled(
            say("%(gross)s 分中原计入 %(counted)s 分") if points else say("%(gross)s 学时中原计入 %(counted)s 学时"),
            **lost,
        )
    if not counted:
        return filled(
            say("已达上限 %(limit)s 分，不计") if points else say("已达上限 %(limit)s 学时，不计"), limit=limit
        )
    return filled(
        say("已达上限 %(limit)s 分，%(gross)s 分中计入 %(counted)s 分")
        if points
        else say("已达上限 %(limit)s 学时，%(gross)s 学时中计入 %(counted)s 学时"),
        limit=limit, gross=gross, counted=counted,
    )  # fmt: skip


def said(cause: PassbookCause | None) -> str:
    """The words that came with the fact; nobody has checked them."""
    if cause is None:
        return ""
    return "；".join(str(value) for value in cause.words.values() if isinstance(value, str | int))
