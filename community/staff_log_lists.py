"""The log of staff, read: by staff where they look after, and by those concerned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, func, select

from community.pages import Page, turned
from community.people import Person, people_by_id
from community.receipts import numbers_of
from community.removals import Removal
from community.roles import demand, looks_after
from community.staff import may_lift, within
from community.staff_log import StaffAction
from community.subject_kinds import Place
from community.subjects import authors_of, kind_of, place_of

PAGE: Final = 30
DESKS: Final = {
    "remove": "reports", "restore": "reports", "keep": "reports", "revoke": "reports",
    "approve": "reviews", "decline": "reviews",
    "apart": "doubles", "double": "doubles", "reopen_double": "doubles",
    "grant_appeal": "appeals", "decline_appeal": "appeals", "answer_appeal": "appeals",
    "found": "workshops", "give_back": "workshops", "feature": "featurings", "end_feature": "featurings",
}  # fmt: skip
"""Where at the desk the subject of an action is seen."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An action, who acted and who is concerned; `address` leads to what it is about, where the reader sees that.

    `restorable`: it is a removal that stands, and that the reader may undo.
    """

    action: StaffAction
    by: Person
    person: Person | None
    address: str = ""
    restorable: bool = False


def actions_for(session: Session, staff: Person, number: int) -> Page[Logged]:
    """What staff did in the districts that this one looks after, newest first, a page from 1. Raises NotAllowed."""
    demand(staff, "moderate")
    return _page(session, staff, within(staff, col(StaffAction.district)), number)


def decisions_about(session: Session, reader: Person, person: Person, number: int) -> Page[Logged]:
    """What staff did to the person and theirs, newest first, a page from 1, as the person or staff reads it."""
    return _page(session, reader, (col(StaffAction.person) == person.id,), number)


def action_behind(session: Session, reader: Person, fact: str) -> Logged | None:
    """The action of staff from which a fact of the ledger came."""
    rows = session.exec(select(StaffAction).where(col(StaffAction.facts).contains(f'"{fact}"', autoescape=True))).all()
    return next(iter(_logged(session, reader, rows)), None)


def _page(session: Session, reader: Person, scope: Sequence[Any], number: int) -> Page[Logged]:
    count = session.exec(select(func.count()).select_from(StaffAction).where(*scope)).one()
    number, last, before = turned(count, number, PAGE)
    rows = session.exec(
        select(StaffAction)
        .where(*scope)
        .order_by(col(StaffAction.at).desc(), col(StaffAction.id).desc())
        .limit(PAGE)
        .offset(before)
    ).all()
    return Page(_logged(session, reader, rows), number, last, count)


def _logged(session: Session, reader: Person, rows: Sequence[StaffAction]) -> list[Logged]:
    """Five statements at most, however many rows."""
    things = {_place(row)[0] for row in rows if DESKS.get(row.action) == "reports"}
    removals = {
        (removal.thing, removal.number): removal
        for removal in session.exec(select(Removal).where(col(Removal.thing).in_(things))).all()
    }
    people = people_by_id(
        session,
        {id for row in rows for id in (row.by, row.person) if id} | {removal.by for removal in removals.values()},
    )
    mine = [row for row in rows if row.person == reader.id]
    own = _own_addresses(session, reader, mine, {thing for thing, number in removals if not number}) if mine else {}

    def restorable(row: StaffAction) -> bool:
        removal = removals.get(_place(row))
        author = people.get(row.person or "")
        return (
            row.action == "remove" and removal is not None and removal.at == row.at and author is not None
            and looks_after(reader, row.district or "") and may_lift(reader, author, row.role)
        )  # fmt: skip

    return [
        Logged(
            row, people[row.by], people.get(row.person or ""),
            own.get(row.id, "") if row.person == reader.id else _at_the_desk(reader, row), restorable(row),
        )
        for row in rows
    ]  # fmt: skip


def _at_the_desk(staff: Person, row: StaffAction) -> str:
    seen = row.action in DESKS and looks_after(staff, row.district or "")
    return f"/moderation/{DESKS[row.action]}/{row.subject}" if seen else ""


def _own_addresses(session: Session, me: Person, rows: Sequence[StaffAction], gone: set[str]) -> dict[str, str]:
    """Where somebody sees what was decided about, by the action's id; things that are gone only their authors see."""
    authors = authors_of(session, {_place(row)[0] for row in rows if DESKS.get(row.action) == "reports"})
    receipts = numbers_of(session, [row.subject or "" for row in rows if row.action == "cancel_redemption"])
    found = {}
    for row in rows:
        subject = row.subject or ""
        match DESKS.get(row.action):
            case "reviews":
                found[row.id] = f"/me/held/{subject}"
            case "workshops" | "featurings" if (kind := kind_of(subject)) is not None:
                found[row.id] = kind.address(subject, 0)
            case "doubles" if (kind := kind_of(mine := subject.partition("/")[0])) is not None:
                found[row.id] = kind.address(mine, 0)
            case "appeals":
                found[row.id] = f"/appeals/{subject}"
            case "reports" if (kind := kind_of(subject)) is not None:
                thing, number = place_of(subject)
                if thing in authors and (thing not in gone or authors[thing].id == me.id):
                    found[row.id] = kind.address(thing, number)
            case None if subject in receipts:
                found[row.id] = f"/points/receipts/{receipts[subject]}"
    return found


def _place(row: StaffAction) -> Place:
    return place_of(row.subject or "")
