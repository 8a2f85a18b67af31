"""The hour bank of a year, and what a redemption would do to it."""

import pytest
from sqlmodel import Session

from points.accounts import Account
from points.hour_bank import HourBank, hour_bank, hour_bank_of
from points.ledger import report
from points.offers import offer, proposed_category, room_of
from points.redemption import redemption_of
from points.refusals import Refusal
from points.rulebook import present_rulebook
from points.statements import standing, teacher_progress, years_of
from tests.cast import MARCH, ben, cancel_redemption, mo, redeem, register_hours, share

BANK = present_rulebook()


def bank(redeemed: dict[str, int] | None = None, carried_in: int = 0, **registered: int) -> HourBank:
    account = Account(redeemed=redeemed or {}, registered=registered, carried_in=carried_in)
    return hour_bank_of(account, BANK, 2025)


def test_sources_are_told_with_what_counts_of_them() -> None:
    found = bank({"elective": 2}, research_activity=14, study_app=1000, school_research=18)

    professional, elective = found.of("professional"), found.of("elective")
    assert [(s.source, s.registered, s.counted, s.cap) for s in professional.sources] == [
        ("research_activity", 14, 10, 10)
    ]
    assert [(s.source, s.registered, s.counted) for s in elective.sources] == [
        (None, 200, 2),
        ("school_research", 18, 18),
        ("study_app", 1000, 3),
    ]
    assert (professional.counted, professional.gap, elective.counted, elective.gap) == (10, 32, 23, 0)
    assert (found.total, found.needed, found.on_course, found.carried_out) == (33, 90, False, 0)


@pytest.mark.parametrize(
    ("new", "carried_in", "on_course", "carried_out"),
    [(41, 0, False, 0), (42, 0, True, 0), (50, 0, True, 8), (36, 6, True, 0), (42, 6, True, 6), (60, 50, True, 60)],
)
def test_carried_hours_count_and_are_used_first(new: int, carried_in: int, on_course: bool, carried_out: int) -> None:
    found = bank(None, carried_in, public_course=30, training_class=new, elective_course=18)

    assert found.of("professional").counted == new + carried_in
    assert (found.on_course, found.carried_out) == (on_course, carried_out)


@pytest.mark.parametrize(
    ("hours", "redeemed", "proposed"),
    [
        ({"training_class": 40, "elective_course": 18}, {}, "professional"),
        ({"training_class": 40, "elective_course": 10}, {}, "elective"),
        ({"training_class": 0, "elective_course": 10}, {"professional": 10}, "elective"),
        ({"training_class": 42, "elective_course": 18}, {"professional": 3}, "elective"),
        ({"training_class": 42, "elective_course": 18}, {}, "professional"),
    ],
)
def test_the_category_with_the_gap_is_proposed(hours: dict[str, int], redeemed: dict[str, int], proposed: str) -> None:
    account = Account(redeemed=redeemed, registered=hours)

    assert proposed_category(hour_bank_of(account, BANK, 2025), room_of(account, BANK)) == proposed


def test_an_offer_is_what_redeeming_then_does(session: Session) -> None:
    for n in range(5):
        report(session, share(ben, f"r{n}", f"c{n}"), MARCH)
    report(session, register_hours(ben, "school_research", 17), MARCH)
    offered = offer(session, ben, MARCH)

    assert (offered.category, offered.hours, offered.points, offered.left) == ("professional", 1, 100, 0)
    assert offered.refusal is None
    electively = offer(session, ben, MARCH, "elective", 1)
    assert (electively.before, electively.after, electively.gap) == (17, 18, 0)
    assert offer(session, ben, MARCH, "elective", 2).refusal is Refusal.INSUFFICIENT_POINTS
    assert offer(session, ben, MARCH, "elective", 11).refusal is Refusal.HOUR_CAP
    report(session, redeem(ben, "elective", 1), MARCH)
    assert hour_bank(session, ben, 2025).of("elective").counted == 18
    assert (offer(session, ben, MARCH).most, offer(session, ben, MARCH).balance) == (0, 0)


def test_a_redemption_tells_whether_it_holds(session: Session) -> None:
    for n in range(5):
        report(session, share(ben, f"r{n}", f"c{n}"), MARCH)
    report(session, redeem(ben, "elective", 1, id="key"), MARCH)
    found = redemption_of(session, ben, "key")
    assert found is not None
    assert (found.hours, found.points, found.balance, found.at, found.cancelled) == (1, 100, 0, MARCH, None)
    report(session, cancel_redemption(mo, "key"), MARCH, {"reason": "选错科目"})

    found = redemption_of(session, ben, "key")
    assert found is not None
    assert found.cancelled is not None
    assert (found.cancelled.by, found.cancelled.words) == (mo, {"reason": "选错科目"})
    assert redemption_of(session, mo, "key") is None


def test_somebody_new_stands_at_nought(session: Session) -> None:
    assert teacher_progress(session, "nobody", MARCH) is None
    found = standing(session, "nobody", MARCH)

    assert (found.year, found.balance, found.redeemable, found.next_hour) == (2025, 0, 0, 100)
    assert years_of(session, "nobody") == []
