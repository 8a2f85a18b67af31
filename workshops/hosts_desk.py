"""The host's desk: who came and who is silent, what waits to be read, how far it is to each threshold, who would earn.

Participants are those of the ledger (reading 4), so that the desk counts as the rules do. All of it is a fixed number
of statements, however many take part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec import Struct, convert
from msgspec.structs import replace
from sqlmodel import Session

from community.pages import Page, turned
from community.people import Person
from community.refusals import NotAllowed
from community.words import Sentence, say
from points.progress import Progress, participants_in, progress_answered, progress_asked
from points.rulebook_tables import Rules
from points.store import Question, Statement, Store
from points.versions import rulebooks_of
from workshops.activities import ACTIVITY_KINDS
from workshops.countdown import standing_of
from workshops.members import helps
from workshops.phases import phase_shown
from workshops.workshops import Workshop

PAGE: Final = 50
"""People on one page."""
LISTS: Final = {"came": say("参与过的"), "silent": say("还没参与的")}
"""Who is listed: everybody who took part in an activity, members or not; members who did in none."""

COUNTS: Final = Statement(
    """
    WITH took_part AS (SELECT teacher FROM participation WHERE thing = :workshop GROUP BY teacher)
    SELECT (SELECT count(*) FROM workshop_member WHERE workshop = :workshop) AS members,
        (SELECT count(*) FROM took_part) AS came,
        (SELECT count(*) FROM workshop_member AS member WHERE member.workshop = :workshop AND member.person NOT IN (
            SELECT teacher FROM participation WHERE thing = :workshop
        )) AS silent
    """
)
ACTIVITIES: Final = Statement(
    """
    SELECT activity.id, activity.number, kind, title, phase, opens_at, closes_at,
        coalesce(handed.outcomes, 0) AS outcomes, coalesce(handed.to_read, 0) AS to_read,
        coalesce(handed.recommended, 0) AS recommended, (
            SELECT count(*) FROM submission AS own WHERE own.activity = activity.id AND own.author = :host
                AND NOT EXISTS (SELECT 1 FROM removal WHERE removal.thing = own.id AND removal.number = 0)
        ) AS summaries
    FROM activity LEFT JOIN (
        SELECT submission.activity, count(*) AS outcomes, count(recommended_at) AS recommended,
            sum(CASE WHEN standing = 'handed' THEN 1 ELSE 0 END) AS to_read
        FROM submission JOIN activity AS held ON held.id = submission.activity
        WHERE held.workshop = :workshop AND submission.id NOT IN (
            SELECT thing FROM removal WHERE removal.number = 0 AND thing > 'submission-' AND thing < 'submission.'
        )
        GROUP BY submission.activity
    ) AS handed ON handed.activity = activity.id
    WHERE activity.workshop = :workshop AND NOT EXISTS (
        SELECT 1 FROM removal WHERE removal.thing = activity.id AND removal.number = 0
    )
    ORDER BY activity.number
    """
)
"""What is gone is few, and looked up in one go; asked for each submission, it would take longer than all the rest."""
CAME: Final = Statement(
    """
    SELECT person.id, person.name, school.name AS school, member.at AS joined_at, came.activities,
        (SELECT count(*) FROM submission JOIN activity ON activity.id = submission.activity
            WHERE submission.author = person.id AND activity.workshop = :workshop AND NOT EXISTS (
                SELECT 1 FROM removal WHERE removal.thing IN (submission.id, activity.id) AND removal.number = 0
            )) AS submissions
    FROM (
        SELECT teacher, count(*) AS activities FROM participation WHERE thing = :workshop
        GROUP BY teacher ORDER BY activities DESC, teacher LIMIT :most OFFSET :before
    ) AS came
    JOIN person ON person.id = came.teacher JOIN school ON school.id = person.school
    LEFT JOIN workshop_member AS member ON member.workshop = :workshop AND member.person = person.id
    ORDER BY activities DESC, person.id
    """
)
SILENT: Final = Statement(
    """
    SELECT person.id, person.name, school.name AS school, member.at AS joined_at, 0 AS activities, 0 AS submissions
    FROM (
        SELECT member.person, member.at FROM workshop_member AS member WHERE member.workshop = :workshop
            AND member.person NOT IN (SELECT teacher FROM participation WHERE thing = :workshop)
        ORDER BY member.at, member.person LIMIT :most OFFSET :before
    ) AS member
    JOIN person ON person.id = member.person JOIN school ON school.id = person.school
    ORDER BY member.at, person.id
    """
)
"""Who took part is looked up in one go: asked for each member, PostgreSQL may read all of them for each."""


class Counts(Struct, array_like=True, frozen=True):
    """How many members there are beside the host, how many people took part, how many members did in nothing."""

    members: int
    came: int
    silent: int


class Held(Struct, array_like=True, frozen=True):
    """An activity: when, how much was handed in, waits to be read, and is recommended.

    `outcomes` counts the host's summary, `summaries` (1 or 0), too.
    """

    id: str
    number: int
    kind: str
    title: str
    phase: str
    opens_at: datetime | None
    closes_at: datetime | None
    outcomes: int
    to_read: int
    recommended: int
    summaries: int

    @property
    def submissions(self) -> int:
        """How much was handed in beside the summary."""
        return self.outcomes - self.summaries

    @property
    def kind_said(self) -> Sentence:
        """Its kind in words."""
        return ACTIVITY_KINDS[self.kind]

    def standing(self, now: datetime) -> Sentence:
        """How it stands in words."""
        return standing_of(self.phase, self.opens_at, self.closes_at, now)


class Attender(Struct, array_like=True, frozen=True):
    """Somebody who took part, or a silent member: since when a member (None: no more), in how many activities."""

    id: str
    name: str
    school: str
    joined_at: datetime | None
    activities: int
    submissions: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """How far a thing is from a rule: what it has and needs; what it then brings the host, and each participant.

    `people` take part already, and would earn at once; who comes later earns when coming (reading 6).
    """

    steps: Sequence[Progress]
    people: int
    host: int
    each: int

    @property
    def reached(self) -> bool:
        """Whether it came true, and has paid."""
        return all(step.reached for step in self.steps)

    @property
    def lacking(self) -> dict[str, int]:
        """How many are missing, by measure (participants, outcomes)."""
        return {step.measure: round(step.needs - step.has) for step in self.steps if not step.reached}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk shows; `ahead` by activity, where its rule is on, and `active` of the workshop's year."""

    counts: Counts
    activities: Sequence[Held]
    ahead: dict[str, Ahead]
    active: Ahead | None

    @property
    def handed_in(self) -> int:
        """How many submissions there are."""
        return sum(one.submissions for one in self.activities)

    @property
    def to_read(self) -> int:
        """How many submissions wait to be read."""
        return sum(one.to_read for one in self.activities)


def demand_desk(session: Session, workshop: Workshop, person: Person) -> None:
    """Raise NotAllowed unless the person is the host, or assists the host."""
    if not helps(session, workshop.id, workshop.host, person):
        raise NotAllowed(say("主持台只有工作坊主和助理看得到。"))


def desk_of_workshop(session: Session, workshop: Workshop, now: datetime) -> Desk:
    """The desk of a workshop, in two round trips."""
    store, of = Store(session), {"workshop": workshop.id}
    counted, activities = store.ask(
        Question(COUNTS, (), of), Question(ACTIVITIES, (), {**of, "host": workshop.host})
    )  # fmt: skip
    found = convert(activities, list[Held], strict=False)
    held = [replace(one, phase=phase_shown(one, workshop.state, now)) for one in found]
    (answer,) = store.ask(progress_asked([workshop.id, *(one.id for one in held)]))
    steps = progress_answered(store, answer, now)
    rules = rulebooks_of(session).at(now).rules
    ahead = {one.id: _of_activity(steps[one.id], rules) for one in held if steps.get(one.id)}
    active = _of_workshop(steps[workshop.id], rules) if steps.get(workshop.id) else None
    return Desk(convert(counted[0], Counts, strict=False), held, ahead, active)


def people_listed(session: Session, workshop: str, which: str, counts: Counts, wanted: int) -> Page[Attender]:
    """A page of who came, those who did most first, or of the silent, those who joined first (`which` of LISTS)."""
    count = counts.came if which == "came" else counts.silent
    number, last, before = turned(count, wanted, PAGE)
    given = {"workshop": workshop, "most": PAGE, "before": before}
    rows = Store(session).ask(Question(CAME if which == "came" else SILENT, (), given))[0]
    return Page(convert(rows, list[Attender], strict=False), number, last, count)


def _of_activity(steps: Sequence[Progress], rules: Rules) -> Ahead:
    people = participants_in(steps)
    return Ahead(steps, people, 0, rules.activity_participation.points)


def _of_workshop(steps: Sequence[Progress], rules: Rules) -> Ahead:
    points = rules.workshop_active.points
    return Ahead(steps, round(steps[0].has), points.host, points.participant)
