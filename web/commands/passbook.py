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
from web.commands.paper import AMBER, BAMBOO, MUTED, SEAL, paper, shown
from web.numbers import number, signed
from web.reasons import brought_by, called, limited, reason, said

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
    text = Text(called(entry))
    if entry.thing is not None:
        text.append(f"{GAP}{shown(entry.thing)}")
    elif entry.category is not None and entry.source is None:
        text.append(f"{GAP}{CATEGORY_NAMES[entry.category]}")
    who, words = ("", "") if again else (_brought_by(teacher, entry), _said(entry.cause))
    notes = [note for note in (who, _reason(teacher, entry), _marked(limited(entry)), words) if note]
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
    """Who did what, and to what unless that is what the entry is about."""
    who, cause = brought_by(teacher, entry, _spaced_after), entry.cause
    elsewhere = entry.thing is not None and cause is not None and cause.object not in (entry.thing, "self")
    return f"{who} {shown(cause.object)}" if who and cause and elsewhere and cause.actor != teacher else who or ""


def _reason(teacher: str, entry: PassbookEntry) -> str:
    """Why, marked where something was lost."""
    why = reason(teacher, entry, _spaced, _spaced)
    return why or "" if entry.kind in ("expiry", "carry") else _marked(why)


def _marked(note: str | None) -> str:
    return f"{MARK}{note}）" if note else ""


def _spaced(id: str) -> str:
    return f" {shown(id)} "


def _spaced_after(id: str) -> str:
    return f"{shown(id)} "


def _said(cause: PassbookCause | None) -> str:
    """The words that came with the fact."""
    return f"理由：{shown(words)}" if (words := said(cause)) else ""


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
