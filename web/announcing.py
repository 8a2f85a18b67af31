"""What the ledger did becomes notices, shortly after it was committed: once, whoever is killed in between."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlmodel import Session

from community.notices import News, tell_all
from community.things import Title, titles_of
from community.words import Sentence, say
from points.announcements import Announcement, Brought, anything_waits, take_announcements
from points.years import day_of
from web.database import Database
from web.lapsing import tell_of_lapsing
from web.nearness import near

log: Final = logging.getLogger("gongyan")
PAUSE: Final = 1.0
"""Seconds between two looks into the outbox."""
LONGEST_PAUSE: Final = 60.0

WHY: Final = {
    "removed": say("内容被移除"),
    "retracted": say("参与已撤回"),
    "revoked": say("积分被撤销"),
}

Titles = dict[str, Title]
WITHOUT_TEACHER: Final = attrgetter("kind", "clause", "name", "thing", "counted", "hours", "why")
"""What a line brought, to whomever."""


async def keep_announcing(database: Database, clock: Callable[[], datetime], pause: float = PAUSE) -> None:
    """Announce what is committed, and once a day what will lapse. Failures are logged, and tried again more slowly."""
    looked_on: date | None = None
    wait = pause
    while True:
        try:
            now = clock()
            failed = await asyncio.to_thread(announce, database, now)
            if looked_on != day_of(now):
                await asyncio.to_thread(tell_of_lapsing, database, now)
                looked_on = day_of(now)
            wait = min(LONGEST_PAUSE, 2 * wait) if failed else pause
        except Exception:
            log.exception("Announcing failed; it is tried again.")
            wait = min(LONGEST_PAUSE, 2 * wait)
        await asyncio.sleep(wait)


def announce(database: Database, now: datetime) -> int:
    """Make notices of all that waits in the outbox; returns how many of its rows could not be announced.

    Those stay there, and do not keep what comes after them from being announced. Raises what the database raises
    when it is away.
    """
    with database.reading() as session:
        if not anything_waits(session):
            return 0
    after, most, failed = 0, 200, 0
    while True:
        taken: list[Announcement] = []
        try:
            with database.writing() as session:
                taken = take_announcements(session, after, most)
                if not taken:
                    return failed
                tell_of(session, taken, now)
        except Exception:
            if not taken:
                raise
            if len(taken) == 1:
                log.exception("%s could not be announced; it is tried again.", taken[0].cause)
                after, failed = taken[0].position, failed + 1
            most = 1


def tell_of(session: Session, taken: list[Announcement], now: datetime) -> None:
    """Make the notices of what was taken from the outbox."""
    tell_all(session, list(_news(session, taken, now)), now)


def _news(session: Session, taken: list[Announcement], now: datetime) -> Iterator[News]:
    things = {line.thing for one in taken for line in one.brought if line.thing}
    titles = titles_of(session, things)
    for one in taken:
        if one.closing is not None:
            yield from _cleared(one.closing, one.brought)
            continue
        # One fact brings the same to thousands: it is put into words once.
        alike: dict[tuple[object, ...], list[News]] = {}
        for teacher, lines in groupby(one.brought, attrgetter("teacher")):
            brought = list(lines)
            same = (teacher == one.actor, *map(WITHOUT_TEACHER, brought))
            if same not in alike:
                alike[same] = list(_to(teacher, brought, one, titles))
            yield from (replace(news, person=teacher) for news in alike[same])
    yield from near(session, taken, now)


def _to(teacher: str, lines: list[Brought], cause: Announcement, titles: Titles) -> Iterator[News]:
    """What one fact brought to one teacher, and took: a notice each. Those who did it know it already."""
    # A workshop is founded by its host, who has waited for staff to approve it.
    seen = teacher == cause.actor and cause.verb != "found_workshop"
    gained = [line for line in lines if line.kind in ("award", "restoration") and line.counted > 0]
    lost = [line for line in lines if line.kind == "reversal" and line.counted < 0]
    reason = cause.words.get("reason")
    given = {"reason": reason} if isinstance(reason, str) and reason else {}
    if gained:
        decided = cause.verb == "restore" and not seen
        yield News(
            teacher, "decision" if decided else "award", _address(gained, titles), cause.actor if decided else None,
            _short(f"award {cause.cause}"), {"said": _gain(gained, titles), **given}, seen,
        )  # fmt: skip
    if lost:
        # What was removed is no page to be led to, where it is not all that is told of.
        led_to = _address(lost, titles) if len({line.thing for line in lost}) == 1 else "/points"
        yield News(
            teacher, "reversal", led_to, cause.actor, _short(f"reversal {cause.cause}"),
            {"said": _loss(lost, titles), **given}, seen,
        )  # fmt: skip
    for line in lines:
        if line.kind == "cancellation" and not seen:
            said = say("兑换的 %(hours)s 学时已取消，退回 %(points)s 分", hours=-line.hours, points=line.counted)
            yield News(
                teacher, "decision", "/points", cause.actor, _short(f"cancellation {cause.cause}"),
                {"said": said, **given},
            )  # fmt: skip


def _gain(lines: list[Brought], titles: Titles) -> Sentence:
    points, first = sum(line.counted for line in lines), lines[0]
    rule, clause, title = Sentence(first.name, {}), first.clause, _title(lines, titles)
    if len(lines) > 1 and title:
        return say(
            "+%(points)s 分，共 %(count)s 项：%(rules)s《%(title)s》",
            points=points, count=len(lines), rules=_rules(lines), title=title,
        )  # fmt: skip
    if len(lines) > 1:
        return say("+%(points)s 分，共 %(count)s 项：%(rules)s", points=points, count=len(lines), rules=_rules(lines))
    if first.kind == "restoration":
        if title:
            return say("+%(points)s 分：《%(title)s》已恢复 · %(clause)s", points=points, title=title, clause=clause)
        return say("+%(points)s 分：%(rule)s已恢复 · %(clause)s", points=points, rule=rule, clause=clause)
    if title:
        return say(
            "+%(points)s 分：%(rule)s · %(clause)s《%(title)s》",
            points=points, title=title, rule=rule, clause=clause,
        )  # fmt: skip
    return say("+%(points)s 分：%(rule)s · %(clause)s", points=points, rule=rule, clause=clause)


def _loss(lines: list[Brought], titles: Titles) -> Sentence:
    points, first = -sum(line.counted for line in lines), lines[0]
    rule, clause, title = Sentence(first.name, {}), first.clause, _title(lines, titles)
    why = WHY.get(first.why or "", say("积分收回"))
    if len(lines) > 1 and title:
        return say(
            "−%(points)s 分，共 %(count)s 项：%(rules)s《%(title)s》，%(why)s",
            points=points, count=len(lines), rules=_rules(lines), title=title, why=why,
        )  # fmt: skip
    if len(lines) > 1:
        return say(
            "−%(points)s 分，共 %(count)s 项：%(rules)s，%(why)s",
            points=points, count=len(lines), rules=_rules(lines), why=why,
        )  # fmt: skip
    if title:
        return say(
            "−%(points)s 分：%(rule)s · %(clause)s《%(title)s》，%(why)s",
            points=points, title=title, rule=rule, clause=clause, why=why,
        )  # fmt: skip
    return say("−%(points)s 分：%(rule)s · %(clause)s，%(why)s", points=points, rule=rule, clause=clause, why=why)


def _rules(lines: list[Brought]) -> Sentence:
    """What the lines are for: each rule once."""
    first, *others = (Sentence(name, {}) for name in dict.fromkeys(line.name for line in lines))
    for other in others:
        first = say("%(some)s、%(other)s", some=first, other=other)
    return first


def _title(lines: list[Brought], titles: Titles) -> str:
    title = titles.get(lines[0].thing or "")
    return title.text if title else ""


def _address(lines: list[Brought], titles: Titles) -> str:
    """Of the thing, the first of several; else the passbook tells them all."""
    title = titles.get(lines[0].thing or "")
    return title.address if title else "/points"


def _cleared(year: int, lines: Iterable[Brought]) -> Iterator[News]:
    for line in lines:
        if line.kind == "expiry" and line.counted < 0:
            said = say("%(year)s 年余下的 %(points)s 分已清零", year=year, points=-line.counted)
            yield News(line.teacher, "lapsing", "/points", None, f"cleared {year}", {"said": said})


def _short(cause: str) -> str:
    """A cause as the table can hold it: facts that others report may have long names."""
    return cause if len(cause) <= 200 else sha256(cause.encode()).hexdigest()
