"""/points: one's own passbook, year by year, on the page and as a file."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, Response

from community.pages import Page, turned
from community.words import say
from points.offers import offer
from points.rulebook import RULES
from points.statements import PassbookEntry
from points.years import SHANGHAI, days_left
from web.books import Book, book_of
from web.forms import Form
from web.lines import lines_of
from web.pages.redemptions import Redemption
from web.templating import page, words_for
from web.visit import Member, Router, Visit
from web.year_files import csv_of, xlsx_of

router = Router("/points")

PAGE: Final = 50
"""Entries on one page."""
ENTRY_KINDS: Final = {
    "earned": say("得分"),
    "nothing": say("计 0 分"),
    "taken": say("收回"),
    "redeemed": say("兑换"),
    "hours": say("学时"),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries are shown: of a rule, a kind, a month; page `p` of them. What is not known selects nothing less."""

    rule: str = ""
    kind: str = ""
    month: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.rule or self.kind or self.month)

    @property
    def query(self) -> str:
        """The same as an address has it."""
        chosen = {"rule": self.rule, "kind": self.kind, "month": self.month}
        return urlencode({name: value for name, value in chosen.items() if value})

    def of(self, entries: list[PassbookEntry]) -> list[PassbookEntry]:
        """The entries that are chosen, the latest first."""
        return [entry for entry in reversed(entries) if self._has(entry)]

    def _has(self, entry: PassbookEntry) -> bool:
        return (
            (not self.rule or entry.rule == self.rule)
            and (not self.kind or kind_of(entry) == self.kind)
            and (not self.month or str(month_of(entry)) == self.month)
        )


def kind_of(entry: PassbookEntry) -> str:
    """Under which of ENTRY_KINDS people look for an entry; nothing for the year's end."""
    if entry.kind == "reversal":
        return "taken"
    if entry.rule is not None:
        return "earned" if entry.counted else "nothing"
    if entry.kind in ("redemption", "cancellation"):
        return "redeemed"
    return "" if entry.kind == "expiry" else "hours"


def month_of(entry: PassbookEntry) -> int:
    """The month of the year in Asia/Shanghai; the year ends in December."""
    return 12 if entry.kind == "expiry" else entry.happened_at.astimezone(SHANGHAI).month


@router.get("")
def show(here: Member, rule: str = "", kind: str = "", month: str = "", p: int = 1) -> HTMLResponse:
    """The open year: balance, rules against their caps, what is nearest, every entry."""
    return _page(here, book_of(here), "/points", rule, kind, month, p)


@router.get("/{year}.xlsx")
def xlsx(here: Member, year: int) -> Response:
    """A year as an Excel file."""
    book = book_of(here, year)
    return Response(
        xlsx_of(book, lines_of(here.session, here.me, book.entries, book.rulebooks), words_for(here)),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers=_file(book, "xlsx"),
    )


@router.get("/{year}.csv")
def csv(here: Member, year: int) -> Response:
    """A year's entries as CSV."""
    book = book_of(here, year)
    lines = lines_of(here.session, here.me, book.entries, book.rulebooks)
    return Response(csv_of(lines, words_for(here)), media_type="text/csv; charset=utf-8", headers=_file(book, "csv"))


@router.get("/{year}")
def archive(here: Member, year: int, rule: str = "", kind: str = "", month: str = "", p: int = 1) -> HTMLResponse:
    """A year as it stands."""
    return _page(here, book_of(here, year), f"/points/{year}", rule, kind, month, p)


def _page(here: Visit, book: Book, address: str, rule: str, kind: str, month: str, p: int) -> HTMLResponse:
    chosen = Selection(
        rule if rule in RULES else "", kind if kind in ENTRY_KINDS else "",
        month if month in {str(number) for number in range(1, 13)} else "",
    )  # fmt: skip
    entries = chosen.of(book.entries)
    number, last, before = turned(len(entries), p, PAGE)
    lines = lines_of(here.session, here.me, entries[before : before + PAGE], book.rulebooks)
    months = sorted({month_of(entry) for entry in book.entries})
    return page(
        here, "points/show.html", section="/points", book=book, chosen=chosen, kinds=ENTRY_KINDS, months=months,
        shown=Page(lines, number, last, len(entries)), address=address,
        days_left=days_left(here.now), **_offer(here, book),
    )  # fmt: skip


def _offer(here: Visit, book: Book) -> dict[str, Any]:
    return {"offer": offer(here.session, here.me.id, here.now) if book.open else None, "form": Form(Redemption)}


def _file(book: Book, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="gongyan-{book.year}.{ending}"'}
