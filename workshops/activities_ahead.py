"""Activities in which somebody could take part now: for whoever looks for what brings the next points."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import Session

from community.people import Person
from points.store import Question, Statement, Store
from points.tables import moment_text

LOOKED_AT: Final = 100
"""Workshops of which somebody is a member that are looked into, the last joined: some are in thousands."""
OPEN: Final = Statement(
    """
    SELECT activity.id, activity.title FROM (
        SELECT workshop FROM workshop_member WHERE person = :me ORDER BY at DESC LIMIT :looked_at
    ) AS member
    JOIN workshop ON workshop.id = member.workshop AND workshop.state = 'founded'
    JOIN thing AS around ON around.id = workshop.id AND around.removed_by IS NULL
    JOIN activity ON activity.workshop = workshop.id
    JOIN thing ON thing.id = activity.id AND thing.removed_by IS NULL AND thing.barred IS NULL
    WHERE (phase = 'open' OR phase = 'planned' AND opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
        AND NOT EXISTS (
            SELECT 1 FROM participation
            WHERE participation.thing = workshop.id AND teacher = :me AND part = activity.id
        ) AND NOT EXISTS (
            SELECT 1 FROM attendance_correction AS struck WHERE struck.activity = activity.id AND struck.person = :me
        ) AND NOT EXISTS (
            SELECT 1 FROM award WHERE award.thing = activity.id AND award.teacher = :me AND marks >= 4
        )
    ORDER BY closes_at IS NULL, closes_at, activity.id LIMIT :most
    """
)
"""By the clock, also where nobody has moved them yet. Who was struck out waits for a helper; what was revoked is not
earned again."""


class Open(NamedTuple):
    """An activity that goes on."""

    id: str
    title: str


def open_for(session: Session, person: Person, now: datetime, most: int) -> Sequence[Open]:
    """Activities that go on where the person is a member and does not take part yet, those first that end soonest."""
    given = {"me": person.id, "now": moment_text(now), "looked_at": LOOKED_AT, "most": most}
    return [Open(*row) for row in Store(session).ask(Question(OPEN, (), given))[0]]
