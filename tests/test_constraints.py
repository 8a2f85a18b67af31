"""Every check of every table: right rows are taken, wrong ones are refused by the name of the check."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from web.schema import metadata

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)

RIGHT: dict[str, dict[str, Any]] = {
    "thing": {"id": "t", "kind": "topic", "owner": "ana"},
    "rating": {"thing": "r", "teacher": "ben", "stars": 3},
    "content": {"content": "c", "standing": 1, "first": "r"},
    "award": {
        "thing": "r", "teacher": "ben", "rule": "x", "cycle": 0, "year": 2025, "points": 20, "marks": 0,
    },
    "redemption": {"teacher": "ben", "fact": "f", "year": 2025, "category": "elective", "hours": 1},
    "registration": {"teacher": "ben", "fact": "f", "year": 2025, "source": "studio", "amount": 1},
    "account": {"teacher": "ben", "year": 2025, "earned": 30, "spent": 10, "expired": 5, "balance": 15},
    "ledger_link": {
        "teacher": "ben", "year": 2025, "link": 1, "fact": "f", "position": 1, "digest": "d",
    },
    "ledger_entry": {
        "teacher": "ben", "year": 2025, "link": 1, "line": 1, "kind": "award", "rule": "x", "rulebook": 1,
        "thing": "r", "fact": "f", "happened_at": NOW, "recorded_at": NOW, "gross": 20, "counted": 20,
        "balance": 20,
    },
    "closing": {"year": 2024, "moved_by": "log", "began_at": NOW},
    "clock": {"id": 1},
    "person": {
        "id": "ben", "name": "Ben", "school": "s", "stage": "小学", "subject": "数学", "role": "teacher",
        "joined_at": NOW,
    },
    "demo": {"id": 1, "made_at": NOW},
    "notice": {
        "person": "ben", "id": "n", "kind": "award", "subject": "t", "given": "{}", "cause": "c", "at": NOW,
    },
    "notice_wish": {"person": "ben", "kind": "reply", "way": "mail", "wanted": True},
    "held_text": {
        "id": "h", "author": "ben", "kind": "reply", "place": "t", "title": "T", "district": "yx", "fields": "{}",
        "found": "[]", "at": NOW, "due_at": NOW,
    },
    "appeal": {
        "person": "ben", "id": "a", "entry": "2025.1.1", "words": "w", "district": "yx", "at": NOW, "due_at": NOW,
    },
    "restriction": {
        "person": "ben", "id": "r", "kind": "silence", "at": NOW, "by": "mo", "until": NOW, "reason": "w",
    },
    "report": {
        "subject": "t", "id": "r", "reporter": "ben", "kind": "spam", "words": "w", "title": "T", "district": "yx",
        "at": NOW, "due_at": NOW,
    },
    "topic": {
        "id": "t", "author": "ben", "title": "T", "stage": "小学", "subject": "数学", "text": "t", "html": "t",
        "opened_at": NOW, "latest_at": NOW, "replies": 2, "standing": 1,
    },
    "file": {"id": "f", "owner": "ben", "kind": "image/webp", "bytes": 1, "at": NOW},
    "upload": {
        "id": "u", "owner": "ben", "school": "s", "name": "a.pdf", "kind": "", "bytes": 1, "traits": "",
        "began_at": NOW, "thumb": False,
    },
    "resource": {
        "id": "r", "author": "ben", "district": "yx", "title": "T", "kind": "plan", "stage": "小学", "subject": "数学",
        "licence": "by", "text": "t", "html": "t", "version": 1, "shared_at": NOW, "raters": 2, "stars": 6, "good": 1,
    },
    "resource_part": {"resource": "r", "version": 1, "number": 1, "upload": "u", "name": "a.pdf"},
    "resource_rating": {"resource": "r", "person": "ben", "number": 1, "stars": 3, "text": "", "at": NOW},
    "near_double": {"resource": "r", "other": "q", "alike": 80, "district": "yx", "found_at": NOW},
    "workshop": {
        "id": "w", "host": "ben", "district": "yx", "title": "T", "stage": "小学", "subject": "数学", "text": "t",
        "html": "t", "state": "applied", "applied_at": NOW,
    },
    "workshop_invitation": {"workshop": "w", "person": "ben", "by": "ana", "at": NOW},
    "workshop_taking_out": {"workshop": "w", "person": "ben", "at": NOW, "by": "ana", "reason": "r"},
    "workshop_message": {
        "workshop": "w", "number": 1, "by": "ben", "audience": "silent", "people": 1, "text": "t", "at": NOW,
    },
    "activity": {
        "id": "a", "workshop": "w", "number": 1, "kind": "meeting", "title": "T", "text": "t", "html": "t",
        "phase": "planned", "opens_at": NOW, "created_at": NOW, "secret": "s",
    },
    "attendance": {"activity": "a", "person": "ben", "way": "code", "by": "ben", "at": NOW},
    "survey_question": {"activity": "a", "number": 1, "kind": "text", "text": "t"},
    "submission": {
        "activity": "a", "id": "s", "author": "ben", "title": "T", "text": "t", "html": "t", "version": 1,
        "standing": "handed", "first_at": NOW, "handed_at": NOW,
    },
    "submission_part": {
        "activity": "a", "submission": "s", "version": 1, "number": 1, "upload": "u", "name": "a.pdf",
    },
    "submission_verdict": {
        "activity": "a", "submission": "s", "number": 1, "version": 1, "verdict": "accepted", "by": "ana", "at": NOW,
    },
    "featuring": {"workshop": "w", "number": 1, "by": "mo", "at": NOW, "reason": "r"},
    "ticket": {
        "id": "t", "person": "ben", "kind": "slip", "made_by": "mo", "made_at": NOW, "ends_at": NOW,
    },
}  # fmt: skip
NEEDS = {
    "resource_part": "resource", "workshop_invitation": "workshop", "workshop_message": "workshop",
    "workshop_taking_out": "workshop", "activity": "workshop", "attendance": "activity",
    "survey_question": "activity", "submission": "activity", "featuring": "workshop",
}  # fmt: skip
"""The table in which a row has to be before."""
DECIDED = {"verdict": "granted", "decided_by": "mo", "decided_at": NOW}
NO_RULE = {"rule": None, "thing": None}
REDEMPTION = {**NO_RULE, "kind": "redemption", "gross": -100, "counted": -100, "balance": 0}
CANCELLATION = {**NO_RULE, "kind": "cancellation", "gross": 100, "counted": 100}
EXPIRY = {**NO_RULE, "kind": "expiry", "gross": -20, "counted": -20, "balance": 0}
REGISTRATION = {**NO_RULE, "kind": "registration", "gross": 0, "counted": 0}
REVERSAL = {"kind": "reversal", "gross": -20, "counted": -20}
RIGHT_ENTRIES: list[dict[str, Any]] = [
    {},
    REVERSAL,
    {"kind": "reversal", "gross": -20, "counted": 0, "balance": -80},
    {"kind": "restoration", "counted": 0},
    {"kind": "earned_nothing", "gross": 0, "counted": 0},
    {**REDEMPTION, "hours_gross": 1, "hours_counted": 1},
    {**CANCELLATION, "hours_gross": -1, "hours_counted": -1},
    EXPIRY,
    {**EXPIRY, "gross": 20, "counted": 20},
    {**REGISTRATION, "hours_gross": 12, "hours_counted": 10},
    {**REGISTRATION, "kind": "withdrawal", "hours_gross": -12, "hours_counted": -10},
    {**REGISTRATION, "kind": "carry", "hours_gross": 5, "hours_counted": 5},
]
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("thing_kind", {"kind": "poem", "container": "w"}),
    ("thing_container", {"container": "w"}),
    ("thing_container", {"kind": "activity"}),
    ("thing_counts", {"participants": -1}),
    ("thing_counts", {"outcomes": -1}),
    ("rating_stars", {"stars": 0}),
    ("rating_stars", {"stars": 6}),
    ("content_standing", {"standing": -1}),
    ("award_points", {"points": 0}),
    ("award_marks", {"marks": 8}),
    ("award_marks", {"marks": -1}),
    ("award_cycle", {"cycle": 2024}),
    ("redemption_hours", {"hours": 0}),
    ("registration_amount", {"amount": 0}),
    ("account_balance", {"balance": 16}),
    ("account_closed", {"passed": False}),
    ("account_signs", {"spent": -10, "balance": 35}),
    ("account_signs", {"carried_in": -1}),
    ("account_signs", {"carried_out": -1}),
    ("account_signs", {"links": -1}),
    ("ledger_link_cause", {"closing": 2025}),
    ("ledger_link_cause", {"fact": None}),
    ("ledger_link_number", {"link": 0}),
    ("ledger_entry_kind", {**NO_RULE, "kind": "gift", "gross": 0, "counted": 0}),
    ("ledger_entry_rule", {"rule": None}),
    ("ledger_entry_rule", {"thing": None}),
    ("ledger_entry_rule", {**REDEMPTION, "rule": "x", "thing": "r"}),
    ("ledger_entry_points", {"gross": 0, "counted": 0}),
    ("ledger_entry_points", {"counted": 21}),
    ("ledger_entry_points", {"counted": -1}),
    ("ledger_entry_points", {"kind": "restoration", "gross": -20, "counted": -20}),
    ("ledger_entry_points", {**REVERSAL, "gross": 20, "counted": 20}),
    ("ledger_entry_points", {**REVERSAL, "counted": -21}),
    ("ledger_entry_points", {"kind": "earned_nothing", "counted": 0}),
    ("ledger_entry_points", {**REDEMPTION, "balance": -1}),
    ("ledger_entry_points", {**REDEMPTION, "counted": -50}),
    ("ledger_entry_points", {**REDEMPTION, "gross": 100, "counted": 100}),
    ("ledger_entry_points", {**CANCELLATION, "counted": 50}),
    ("ledger_entry_points", {**CANCELLATION, "gross": -100, "counted": -100}),
    ("ledger_entry_points", {**EXPIRY, "balance": 20}),
    ("ledger_entry_points", {**EXPIRY, "gross": 0, "counted": 0}),
    ("ledger_entry_points", {**EXPIRY, "counted": 0}),
    ("ledger_entry_points", {**REGISTRATION, "gross": 20, "counted": 20}),
    ("ledger_entry_hours", {"hours_gross": 1}),
    ("ledger_entry_hours", {**REDEMPTION, "hours_gross": -1, "hours_counted": -1}),
    ("ledger_entry_hours", {**CANCELLATION, "hours_gross": 1, "hours_counted": 1}),
    ("ledger_entry_hours", {**REGISTRATION, "hours_gross": 10, "hours_counted": 12}),
    ("ledger_entry_hours", {**REGISTRATION, "kind": "withdrawal", "hours_gross": -5, "hours_counted": -6}),
    ("ledger_entry_hours", {**REGISTRATION, "kind": "carry", "hours_gross": -5, "hours_counted": -5}),
    ("clock_one_row", {"id": 2}),
    ("closing_moved_by", {"moved_by": "mo"}),
    ("person_role", {"role": "king"}),
    ("demo_one_row", {"id": 2}),
    ("notice_kind", {"kind": "gift"}),
    ("notice_wish_way", {"way": "pigeon"}),
    ("held_text_verdict", {"verdict": "lost", "decided_by": "mo", "decided_at": NOW}),
    ("held_text_decided", {"verdict": "approved"}),
    ("held_text_decided", {"decided_by": "mo"}),
    ("held_text_decided", {"decided_at": NOW}),
    ("appeal_verdict", {**DECIDED, "verdict": "lost"}),
    ("appeal_decided", {**DECIDED, "verdict": None}),
    ("appeal_decided", {**DECIDED, "decided_by": None}),
    ("appeal_decided", {**DECIDED, "decided_at": None}),
    ("restriction_kind", {"kind": "exile"}),
    ("restriction_lifted", {"lifted_at": NOW}),
    ("restriction_lifted", {"lifted_by": "mo"}),
    ("report_answered", {"answered_at": NOW, "answered_by": "mo"}),
    ("report_answered", {"answered_at": NOW, "answer": "removed"}),
    ("report_answered", {"answered_by": "mo", "answer": "removed"}),
    ("topic_standing", {"standing": 3}),
    ("topic_standing", {"standing": -1}),
    ("file_bytes", {"bytes": 0}),
    ("upload_bytes", {"bytes": 0}),
    ("upload_bytes", {"bytes": -1}),
    ("resource_ratings", {"good": -1}),
    ("resource_ratings", {"good": 3}),
    ("resource_ratings", {"stars": 1}),
    ("resource_ratings", {"stars": 11}),
    ("resource_ratings", {"raters": -1, "stars": -1, "good": 0}),
    ("resource_part_is_one", {"link": "https://school.example/"}),
    ("resource_part_is_one", {"upload": None}),
    ("resource_rating_stars", {"stars": 0}),
    ("resource_rating_stars", {"stars": 6}),
    ("near_double_verdict", {**DECIDED, "verdict": "alike"}),
    ("near_double_decided", {"verdict": "apart"}),
    ("near_double_decided", {"decided_by": "mo"}),
    ("near_double_decided", {"decided_at": NOW}),
    ("near_double_decided", {**DECIDED, "verdict": "double", "decided_by": None}),
    ("near_double_decided", {**DECIDED, "verdict": "double", "decided_at": None}),
    ("ticket_kind", {"kind": "lottery"}),
    ("workshop_state", {"state": "lost"}),
    ("workshop_founded", {"state": "founded"}),
    ("workshop_founded", {"founded_at": NOW}),
    ("workshop_counts", {"members": -1}),
    ("workshop_counts", {"activities": -1}),
    ("workshop_invitation_answer", {"declined_at": datetime(2025, 2, 1, tzinfo=UTC)}),
    ("workshop_taking_out_back", {"back_at": datetime(2025, 2, 1, tzinfo=UTC)}),
    ("workshop_message_audience", {"audience": "everybody"}),
    ("workshop_message_people", {"people": 0}),
    ("activity_kind", {"kind": "party"}),
    ("activity_phase", {"phase": "lost"}),
    ("activity_times", {"closes_at": NOW}),
    ("attendance_way", {"way": "guess"}),
    ("survey_question_kind", {"kind": "riddle", "choices": "a"}),
    ("survey_question_choices", {"choices": "a"}),
    ("survey_question_choices", {"kind": "one"}),
    ("submission_standing", {"standing": "lost"}),
    ("submission_version", {"version": 0}),
    ("submission_part_is_one", {"link": "https://school.example/"}),
    ("submission_part_is_one", {"upload": None}),
    ("submission_verdict", {"verdict": "lost"}),
    ("featuring_end", {"ended_at": NOW}),
    ("featuring_end", {"ended_by": "mo"}),
]
CONSTRAINTS = {
    str(constraint.name): table.name
    for table in metadata.tables.values()
    for constraint in table.constraints
    if isinstance(constraint, CheckConstraint)
}


def test_every_constraint_is_tried() -> None:
    assert {name for name, _ in WRONG} == CONSTRAINTS.keys()


@pytest.mark.parametrize("table", sorted(RIGHT.keys() - {"clock", "ledger_entry"}))
def test_a_right_row_is_taken(session: Session, table: str) -> None:
    put(session, table)


@pytest.mark.parametrize("entry", RIGHT_ENTRIES)
def test_a_right_entry_is_taken(session: Session, entry: dict[str, Any]) -> None:
    put(session, "ledger_entry", **entry)


@pytest.mark.parametrize(("constraint", "change"), WRONG)
def test_a_wrong_row_is_refused_by_name(session: Session, constraint: str, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), session.begin_nested():
        put(session, CONSTRAINTS[constraint], **change)


@pytest.mark.parametrize("table", sorted(RIGHT.keys() - {"clock"}))
def test_nothing_is_there_twice(session: Session, table: str) -> None:
    put(session, table)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), session.begin_nested():
        put(session, table)


def test_a_year_closes_an_account_once(session: Session) -> None:
    put(session, "ledger_link", fact=None, closing=2025)
    put(session, "ledger_link", link=2)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), session.begin_nested():
        put(session, "ledger_link", fact=None, closing=2025, link=3)


def put(session: Session, table: str, **change: Any) -> None:
    first = NEEDS.get(table)
    if first is not None and session.execute(select(metadata.tables[first])).first() is None:
        put(session, first)
    session.execute(insert(metadata.tables[table]).values(**{**RIGHT[table], **change}))
