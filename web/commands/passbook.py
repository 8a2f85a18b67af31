"""A teacher's passbook on paper (Chinese), 100 columns wide."""

from datetime import timedelta
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from points.policy import CATEGORY_NAMES
from points.rulebook import RULES
from points.statements import Passbook, PassbookCause, PassbookEntry, PassbookYear
from points.years import SHANGHAI
from web.commands.paper import AMBER, BAMBOO, MUTED, SEAL, number, paper, shown, signed

VERBS: Final = {
    "share": "共享",
    "revise": "修订",
    "rate": "评价",
    "open_topic": "发表话题",
    "reply": "回复",
    "found_workshop": "创立工作坊",
    "create_activity": "创建活动",
    "take_part": "参加",
    "submit": "提交",
    "recommend": "推优",
    "retract": "撤回参与",
    "feature": "置顶",
    "remove": "移除",
    "restore": "恢复",
    "revoke": "撤销积分",
    "redeem": "兑换",
    "cancel_redemption": "取消兑换",
    "register_hours": "登记学时",
    "withdraw_hours": "撤下登记",
}
KINDS: Final = {
    "reversal": "收回：{name}",
    "restoration": "归还：{name}",
    "redemption": "积分兑换学时",
    "cancellation": "取消兑换",
    "registration": "登记：{name}",
    "withdrawal": "撤下登记：{name}",
}
"""What an entry is called, with the name of its clause; awards and a year's end go by that name alone."""

PAGE: Final = 500
"""Lines that are laid out at once; the widths are fixed, so that pages fit each other."""


def print_passbook(passbook: Passbook) -> None:
    """The whole passbook, year by year."""
    page = paper()
    page.print(Text.assemble(("学时存折", f"bold {SEAL}"), "  ", (shown(passbook.teacher), "bold")))
    for year in passbook.years:
        page.print()
        _print_year(page, passbook.teacher, year)


def _print_year(page: Console, teacher: str, year: PassbookYear) -> None:
    closed = year.figures.hours.passed is not None
    heading = Text.assemble((f"{year.year} 年", "bold"), ("  已结清" if closed else "  进行中", MUTED))
    page.print(heading)
    page.print(_in_short(year))
    page.print()
    table, before = _lines(header=True), None
    for place, entry in enumerate(year.entries, start=1):
        _add(table, teacher, entry, before)
        before = entry
        if not place % PAGE:
            page.print(table)
            table = _lines(header=False)
    page.print(table)
    page.print()
    _print_rules(page, year)
    _print_hours(page, year)


def _in_short(year: PassbookYear) -> Text:
    figures = year.figures
    redeemed = figures.redeemed_hours.total
    parts = [f"计入 {number(figures.earned)} 分", f"兑换 {number(redeemed)} 学时"]
    if figures.expired:
        parts.append(f"年终清零 {number(figures.expired)} 分")
    parts.append(f"余额 {number(figures.balance)} 分")
    if figures.hours.passed is None and year.redeemable:
        parts.append(f"还可兑换 {number(year.redeemable)} 学时")
    return Text("，".join(parts))


def _lines(header: bool) -> Table:
    table = Table(
        box=None,
        show_header=header,
        header_style=MUTED,
        padding=(0, 2, 0, 0),
        pad_edge=False,
        width=paper().width,
    )
    table.add_column("日期时间", width=11, no_wrap=True)
    table.add_column("条款", width=10, overflow="fold")
    table.add_column("事由", ratio=1, overflow="fold")
    table.add_column("积分", width=7, justify="right", no_wrap=True)
    table.add_column("学时", width=5, justify="right", no_wrap=True)
    table.add_column("余额", width=7, justify="right", no_wrap=True)
    return table


def _add(table: Table, teacher: str, entry: PassbookEntry, before: PassbookEntry | None) -> None:
    """A line for the entry; what it shares with the one before it, day and cause, is written once."""
    day, time = _when(entry)
    again = before is not None and entry.cause is not None and before.cause == entry.cause
    hours = entry.hours_counted
    table.add_row(
        Text(f"{' ' * 5 if before and _when(before)[0] == day else day} {time}", style=MUTED),
        Text(entry.clause, style=MUTED),
        _what(teacher, entry, again),
        Text(signed(entry.counted), style=_colour(entry)) if _moves_points(entry) else "",
        signed(hours) if hours or entry.hours_gross else "",
        number(entry.balance),
    )


def _when(entry: PassbookEntry) -> tuple[str, str]:
    """Day and time in Asia/Shanghai; the year ends at 24:00."""
    moment = entry.happened_at.astimezone(SHANGHAI)
    if entry.kind == "expiry":
        return f"{moment - timedelta(days=1):%m-%d}", "24:00"
    return f"{moment:%m-%d}", f"{moment:%H:%M}"


def _what(teacher: str, entry: PassbookEntry, again: bool) -> Text:
    """What the entry is about, and why and by whom: on the same line if there is room, else below it."""
    text = Text(KINDS.get(entry.kind, "{name}").format(name=entry.name))
    if entry.thing is not None:
        text.append(f"{GAP}{shown(entry.thing)}")
    elif entry.category is not None and entry.source is None:
        text.append(f"{GAP}{CATEGORY_NAMES[entry.category]}")
    who, words = ("", "") if again else (_brought_by(teacher, entry), _said(entry.cause))
    notes = [note for note in (who, _reason(teacher, entry), _limited(entry), words) if note]
    gaps = ["" if note.startswith(MARK) else GAP for note in notes]
    if text.cell_len + cell_len("".join([*gaps, *notes])) > ROOM:
        gaps = ["\n"] * len(notes)
    for gap, note in zip(gaps, notes, strict=True):
        text.append(f"{gap}{note}", style=MUTED if not note.startswith(MARK) else AMBER)
    return text


GAP: Final = "　"
ROOM: Final = 50
"""Columns of a note beside what it is about."""
MARK: Final = "（"
"""What a reason begins with; all of it are full-width signs, which every terminal takes for two columns."""


def _brought_by(teacher: str, entry: PassbookEntry) -> str:
    """Who did what, unless it goes without saying or the reason says it."""
    cause = entry.cause
    if cause is None or entry.kind in ("redemption", "registration", "earned_nothing", "reversal"):
        return ""
    if cause.verb in ("share", "found_workshop", "create_activity"):
        return ""
    if entry.kind in ("cancellation", "withdrawal"):
        return "本人办理" if cause.actor == teacher else f"{shown(cause.actor)} 办理"
    if cause.actor == teacher:
        return f"本人{VERBS[cause.verb]}"
    act = f"{shown(cause.actor)} {VERBS[cause.verb]}"
    return act if cause.object == entry.thing else f"{act} {shown(cause.object)}"


def _reason(teacher: str, entry: PassbookEntry) -> str:
    """Why something earned nothing, was taken back or came back."""
    actor = entry.cause.actor if entry.cause is not None else ""
    by = "本人" if actor == teacher else f" {shown(actor)} "
    match entry.kind, entry.why:
        case "earned_nothing", "duplicate_content":
            first = entry.first if entry.first != entry.thing else None
            other = f" {shown(first)} " if first else "另一份资源"
            return f"{MARK}内容与{other}重复，不计）"
        case "reversal", "removed":
            return f"{MARK}被{by}移除）"
        case "reversal", "retracted":
            return f"{MARK}参与被{by}撤回）"
        case "reversal", "revoked":
            return f"{MARK}被{by}撤销，不再归还）"
        case "expiry", _:
            return "年度结束，欠分一并清零" if entry.counted > 0 else "年度结束，余下的积分清零"
        case "carry", _:
            return "上一年度转入，有效一年，优先使用"
    return ""


def _limited(entry: PassbookEntry) -> str:
    """What a cap left of the entry."""
    if entry.limit is None:
        return ""
    points = entry.rule is not None
    unit = "分" if points else "学时"
    gross, counted = (entry.gross, entry.counted) if points else (entry.hours_gross, entry.hours_counted)
    if gross < 0:
        return f"{MARK}上限之外，余额不变）" if not counted else f"{MARK}{-gross} {unit}中原计入 {-counted} {unit}）"
    if not counted:
        return f"{MARK}已达上限 {number(entry.limit)} {unit}，不计）"
    return f"{MARK}已达上限 {number(entry.limit)} {unit}，{gross} {unit}中计入 {counted} {unit}）"


def _said(cause: PassbookCause | None) -> str:
    """The words that came with the fact."""
    if cause is None or not cause.words:
        return ""
    said = "；".join(str(value) for value in cause.words.values() if isinstance(value, str | int))
    return f"理由：{shown(said)}" if said else ""


def _moves_points(entry: PassbookEntry) -> bool:
    return entry.rule is not None or entry.counted != 0


def _colour(entry: PassbookEntry) -> str:
    if entry.counted > 0:
        return f"bold {SEAL}"
    return AMBER if entry.counted == 0 else ""


def _print_rules(page: Console, year: PassbookYear) -> None:
    """What the caps left of each rule's points."""
    rules = year.figures.rules
    if not rules:
        return
    names = {entry.rule: (entry.clause, entry.name) for entry in year.entries if entry.rule}
    table = Table(box=None, header_style=MUTED, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("条款")
    table.add_column("项目")
    for header in ("有效", "上限", "计入"):
        table.add_column(header, justify="right")
    for rule in sorted(rules, key=RULES.index):
        points, cap = rules[rule], year.caps[rule]
        full = cap is not None and points.gross > cap
        table.add_row(
            *names[rule],
            number(points.gross),
            "不设" if cap is None else number(cap),
            Text(number(points.counted), style=AMBER if full else ""),
        )
    page.print(table)
    page.print()


def _print_hours(page: Console, year: PassbookYear) -> None:
    hours = year.figures.hours
    parts = [f"{name} {number(getattr(hours, category))}" for category, name in CATEGORY_NAMES.items()]
    if hours.carried_in:
        parts.append(f"上年结转 {number(hours.carried_in)}")
    if hours.carried_out:
        parts.append(f"转入下年 {number(hours.carried_out)}")
    verdict = Text()
    if hours.passed is not None:
        verdict = Text("　预计达标" if hours.passed else "　预计未达标", style=BAMBOO if hours.passed else AMBER)
        verdict.append("，以省人社系统验证为准", style=MUTED)
    page.print(Text.assemble("学时　", "，".join(parts), verdict))
