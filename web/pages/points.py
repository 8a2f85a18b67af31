"""/points: one's own passbook, year by year, on the page and as a file."""

from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, Response

from community.pages import Page, turned
from community.words import Sentence, say
from points.entries import Wanted, count_wanted, some_entries
from points.offers import offer
from points.progress import progress
from points.rulebook import RULES
from points.statements import statement
from points.years import days_left
from web.books import Book, book_of
from web.forms import Form
from web.lines import Line, lines_of
from web.pages.redemptions import Redemption
from web.steps import of_partaking
from web.templating import page, words_for
from web.visit import Member, Router, Visit
from web.year_files import csv_of, xlsx_of
from workshops.activities_ahead import open_for

router = Router("/points")

PAGE: Final = 50
"""Entries on one page."""
PARTAKING: Final = "activity_participation"
OPEN: Final = 3
"""Activities that are named in which one could take part."""
ENTRY_KINDS: Final = {
    "earned": say("得分"),
    "nothing": say("计 0 分"),
    "taken": say("收回"),
    "redeemed": say("兑换"),
    "hours": say("学时"),
}


def query_of(wanted: Wanted) -> str:
    """Which entries are wanted, as an address has it."""
    return urlencode({name: value for name, value in asdict(wanted).items() if value})


@router.get("")
def show(here: Member, rule: str = "", kind: str = "", month: str = "", p: int = 1) -> HTMLResponse:
    """The open year: balance, rules against their caps, what is nearest, every entry."""
    return _page(here, book_of(here), "/points", rule, kind, month, p)


@router.get("/{year}.xlsx")
def xlsx(here: Member, year: int) -> Response:
    """A year as an Excel file."""
    book = book_of(here, year)
    return Response(
        xlsx_of(book, _lines(here, book), words_for(here)),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers=_file(book, "xlsx"),
    )


@router.get("/{year}.csv")
def csv(here: Member, year: int) -> Response:
    """A year's entries as CSV."""
    book = book_of(here, year)
    return Response(
        csv_of(_lines(here, book), words_for(here)), media_type="text/csv; charset=utf-8", headers=_file(book, "csv")
    )


@router.get("/{year}")
def archive(here: Member, year: int, rule: str = "", kind: str = "", month: str = "", p: int = 1) -> HTMLResponse:
    """A year as it stands."""
    return _page(here, book_of(here, year), f"/points/{year}", rule, kind, month, p)


def _page(here: Visit, book: Book, address: str, rule: str, kind: str, month: str, p: int) -> HTMLResponse:
    months = {str(number): number for number in range(1, 13)}
    wanted = Wanted(rule if rule in RULES else "", kind if kind in ENTRY_KINDS else "", months.get(month, 0))
    count = count_wanted(here.session, here.me.id, book.year, wanted)
    number, last, before = turned(count, p, PAGE)
    entries = some_entries(here.session, here.me.id, book.year, wanted, before, PAGE)
    lines = lines_of(here.session, here.me, entries, book.rulebooks)
    return page(
        here, "points/show.html", section="/points", book=book, wanted=wanted, kinds=ENTRY_KINDS,
        shown=Page(lines, number, last, count), address=address, query=query_of(wanted),
        days_left=days_left(here.now), partaking=_partaking(here, book), **_offer(here, book),
    )  # fmt: skip


def _partaking(here: Visit, book: Book) -> list[tuple[list[Sentence], str, int]]:
    """Activities that go on in which one could take part: in words, where, and what it adds once they pay."""
    pays = book.rulebooks.at(here.now).rules.activity_participation
    if book.way is None or not pays.enabled:
        return []
    left = (one.cap - one.counted for one in book.rules if one.rule == PARTAKING and one.cap is not None)
    if (room := min([pays.points, *left])) <= 0:
        return []
    found = open_for(here.session, here.me, here.now, OPEN)
    steps = progress(here.session, [one.id for one in found], here.now)
    return [(of_partaking(one.title, steps.get(one.id, [])), f"/activities/{one.id}", room) for one in found]


def _lines(here: Visit, book: Book) -> list[Line]:
    """All lines of the year."""
    years = statement(here.session, here.me.id, book.year).years
    return lines_of(here.session, here.me, years[0].entries if years else [], book.rulebooks)


def _offer(here: Visit, book: Book) -> dict[str, Any]:
    return {"offer": offer(here.session, here.me.id, here.now) if book.open else None, "form": Form(Redemption)}


def _file(book: Book, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="gongyan-{book.year}.{ending}"'}
