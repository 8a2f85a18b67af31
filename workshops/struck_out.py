"""已划去: whom helpers struck out of an activity, when and why, for those who help there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct, convert

from community.people import Person
from points.store import Question, Row, Statement
from workshops.activities_seen import ActivitySeen

MOST: Final = 100
"""The latest of them that are listed."""
STRUCK: Final = Statement(
    f"""
    SELECT struck.number, person.id, person.name, coalesce(person.staff_number, person.name) AS called, struck.at,
        helper.name AS by, struck.reason,
        struck.number = (
            SELECT max(number) FROM attendance_correction AS latest
            WHERE latest.activity = struck.activity AND latest.person = struck.person
        ) AS is_last,
        EXISTS (
            SELECT 1 FROM participation WHERE thing = :workshop AND teacher = struck.person AND part = :activity
        ) AS counts,
        EXISTS (SELECT 1 FROM workshop_member WHERE workshop = :workshop AND person = struck.person) AS belongs
    FROM attendance_correction AS struck JOIN person ON person.id = struck.person
    JOIN person AS helper ON helper.id = struck.by
    WHERE struck.activity = :activity ORDER BY struck.number DESC LIMIT {MOST}
    """
)


class Struck(Struct, array_like=True, frozen=True):
    """That somebody was struck out, when, by whom and why; `called`: the name or number by which they are noted.

    `is_last` of the times that they were; whether they count by now, and belong to the workshop.
    """

    number: int
    id: str
    name: str
    called: str
    at: datetime
    by: str
    reason: str
    is_last: bool
    counts: bool
    belongs: bool

    def may_be_noted(self, helper: Person) -> bool:
        """Whether the helper may note them again, where anybody may be noted: not oneself."""
        return self.is_last and self.belongs and not self.counts and self.id != helper.id


def struck_out_asked(seen: ActivitySeen) -> Question:
    """The question who was struck out of an activity, to be asked together with others, for its helpers."""
    return Question(STRUCK, (), {"activity": seen.activity.id, "workshop": seen.workshop.id})


def struck_out_answered(answer: Sequence[Row]) -> Sequence[Struck]:
    """Who that was, the last first."""
    found: list[Struck] = convert(answer, list[Struck], strict=False)
    return found
