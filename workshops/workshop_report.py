"""The report of a workshop for its host: members, attendance by activity, submissions, and points it has brought.

Five statements, however many take part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from points.store import Question, Row, Statement, Store

PEOPLE: Final = Statement(
    """
    WITH people AS (
        SELECT person FROM workshop_member WHERE workshop = :workshop
        UNION SELECT teacher FROM participation WHERE thing = :workshop
        UNION SELECT host FROM workshop WHERE id = :workshop
    ), came AS (
        SELECT teacher, count(*) AS activities FROM participation WHERE thing = :workshop GROUP BY teacher
    ), handed AS (
        SELECT author, count(*) AS submissions, count(recommended_at) AS recommended
        FROM submission JOIN activity ON activity.id = submission.activity AND activity.workshop = :workshop
        WHERE author <> (SELECT host FROM workshop WHERE id = :workshop) AND NOT EXISTS (
            SELECT 1 FROM removal WHERE removal.thing IN (submission.id, activity.id) AND removal.number = 0
        )
        GROUP BY author
    )
    SELECT person.id, person.name, school.name AS school, member.at AS joined_at, member.assists,
        person.id = (SELECT host FROM workshop WHERE id = :workshop) AS hosts,
        coalesce(came.activities, 0) AS activities, coalesce(handed.submissions, 0) AS submissions,
        coalesce(handed.recommended, 0) AS recommended
    FROM people JOIN person ON person.id = people.person JOIN school ON school.id = person.school
    LEFT JOIN workshop_member AS member ON member.workshop = :workshop AND member.person = people.person
    LEFT JOIN came ON came.teacher = people.person LEFT JOIN handed ON handed.author = people.person
    ORDER BY school.name, person.name, person.id
    """
)
CAME: Final = Statement(
    """
    SELECT participation.teacher, participation.part, coalesce(attendance.way, '') AS way
    FROM participation LEFT JOIN attendance
        ON attendance.activity = participation.part AND attendance.person = participation.teacher
    WHERE participation.thing = :workshop
    """
)
ACTIVITIES: Final = Statement(
    """
    SELECT id, number, title FROM activity WHERE workshop = :workshop AND NOT EXISTS (
        SELECT 1 FROM removal WHERE removal.thing = activity.id AND removal.number = 0
    )
    ORDER BY number
    """
)
SUBMISSIONS: Final = Statement(
    """
    SELECT activity.number, activity.title AS activity, submission.title, person.name, school.name AS school, standing,
        version, first_at, handed_at, recommended_at, recommended_for,
        author = (SELECT host FROM workshop WHERE id = :workshop) AS is_summary
    FROM submission JOIN activity ON activity.id = submission.activity
    JOIN person ON person.id = submission.author JOIN school ON school.id = person.school
    WHERE activity.workshop = :workshop AND NOT EXISTS (
        SELECT 1 FROM removal WHERE removal.thing IN (submission.id, activity.id) AND removal.number = 0
    )
    ORDER BY activity.number, first_at, submission.id
    """
)
AWARDS: Final = Statement(
    """
    WITH things AS (
        SELECT id, title, 0 AS number FROM workshop WHERE id = :workshop
        UNION ALL SELECT id, title, number FROM activity WHERE workshop = :workshop
        UNION ALL SELECT submission.id, submission.title, activity.number FROM submission
            JOIN activity ON activity.id = submission.activity WHERE activity.workshop = :workshop
    )
    SELECT award.teacher, award.rule, things.title, award.year, award.points, award.marks
    FROM things JOIN award ON award.thing = things.id
    ORDER BY things.number, award.rule, award.teacher
    """
)


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of a workshop's report, in the columns of the statements above.

    `came`: by which way a teacher took part in an activity, empty where it was by handing in. The host's summaries are
    among the submissions, and not counted as anybody's.
    """

    people: Sequence[Row]
    activities: Sequence[Row]
    came: Mapping[tuple[str, str], str]
    submissions: Sequence[Row]
    awards: Sequence[Row]

    @property
    def points(self) -> Mapping[str, int]:
        """What the awards that stand come to by teacher, before caps."""
        found: dict[str, int] = {}
        for teacher, _, _, _, points, marks in self.awards:
            if not marks:
                found[teacher] = found.get(teacher, 0) + points
        return found


def report_of_workshop(session: Session, workshop: str) -> Report:
    """All that the report holds, in one round trip."""
    of = {"workshop": workshop}
    asked = (PEOPLE, ACTIVITIES, CAME, SUBMISSIONS, AWARDS)
    people, activities, came, submissions, awards = Store(session).ask(*(Question(one, (), of) for one in asked))
    return Report(people, activities, {(teacher, part): way for teacher, part, way in came}, submissions, awards)
