"""Three small years in which everything happens that can: every verb, and every kind of entry."""

from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from sqlmodel import Session

from points.facts import Fact
from points.ledger import report
from points.year_end import close_due_years
from tests.cast import (
    ana,
    ben,
    cai,
    cancel_redemption,
    create_activity,
    crowd,
    dora,
    eli,
    feature,
    found_workshop,
    mo,
    open_topic,
    rate,
    recommend,
    redeem,
    register_hours,
    remove,
    reply,
    restore,
    retract,
    revise,
    revoke,
    share,
    submit,
    take_part,
    withdraw_hours,
)

WORDS: Final[dict[str, dict[str, Any]]] = {
    "recommended": {"reason": "教案扎实，\t可以推广 ✓"},
    "revoked": {"reason": "代签到", "seen_by": ["mo", {"on": "2024-03-02"}]},
}
"""What people wrote, by fact."""


def live(session: Session) -> None:
    """Report all of it, each fact when it happens, and close the years that end; 2026 stays open."""
    for _, facts in groupby(lively(), lambda fact: fact.at.year):
        for fact in facts:
            report(session, fact, fact.at, WORDS.get(fact.id))
        session.commit()
        close_due_years(session, fact.at, batch=4)


def lively() -> list[Fact]:
    first, second, third = (datetime(year, 3, 1, 9, 30, tzinfo=UTC) for year in (2024, 2025, 2026))
    return [
        *(_at(first, make) for make in _first_year()),
        *(_at(second, make) for make in _second_year()),
        *(_at(third, make) for make in _third_year()),
    ]


def _at(moment: datetime, fact: Fact) -> Fact:
    fact.at = moment
    return fact


def _first_year() -> list[Fact]:
    return [
        # A workshop comes to life, is featured, and not all of it holds.
        found_workshop(ana, "w1"),
        create_activity(ana, "a1", "w1"),
        *(take_part(teacher, "a1") for teacher in crowd(9)),
        submit(dora, "s1", "a1", id="tenth"),
        take_part(eli, "a1"),
        recommend(ana, "s1", id="recommended"),
        feature(mo, "w1", id="featured"),
        revoke(mo, "w1", "workshop_featured", teacher="t00002", id="revoked"),
        retract(mo, "a1", "t00001", id="retracted"),
        take_part("t00001", "a1", id="back"),
        # A resource and its copy.
        share(ben, "r1", "c1"),
        share(dora, "r2", "c1", id="copied"),
        revise(ben, "r1", "c2"),
        *(rate(teacher, "r1", 5) for teacher in crowd(20)),
        rate("t00020", "r1", 3),
        remove(mo, "r1", id="removed"),
        restore(mo, "r1", id="restored"),
        # A topic, of which a reply is withdrawn.
        open_topic(cai, "p1"),
        *(reply(teacher, "p1") for teacher in crowd(10)),
        retract(mo, "p1", "t00010"),
        # Points become hours, and come back.
        redeem(ana, "professional", 2, id="redeemed"),
        redeem(ana, "elective", 1),
        cancel_redemption(mo, "redeemed", id="cancelled"),
        # Somebody redeems, and loses what the points came from.
        found_workshop(cai, "w2"),
        feature(mo, "w2"),
        redeem(cai, "elective", 5),
        remove(mo, "w2"),
        # Somebody has hours enough, and carries some over.
        register_hours(eli, "public_course", 30),
        register_hours(eli, "online_course", 60, id="registered"),
        register_hours(eli, "research_activity", 12),
        register_hours(eli, "elective_course", 18),
        register_hours(eli, "study_app", 700),
        register_hours(eli, "school_research", 5, id="mistaken"),
        withdraw_hours(mo, "mistaken"),
    ]


def _second_year() -> list[Fact]:
    return [
        share(ben, "r3", "c3"),
        *(take_part(teacher, "a1") for teacher in crowd(3)),
        reply("t00010", "p1", id="returned"),
        reply("t00010", "p1", id="again"),
        register_hours(eli, "public_course", 30),
        register_hours(eli, "online_course", 20),
        register_hours(eli, "elective_course", 18),
    ]


def _third_year() -> list[Fact]:
    return [share(ben, "r4", "c4"), share(dora, "r5", "c5"), found_workshop(ana, "w3")]
