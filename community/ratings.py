"""Ratings: one to five stars and a comment, one of each teacher, changeable, never of one's own (reading 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, Index, Integer
from sqlmodel import Field, Session, SQLModel, col, select

from community.ids import new_id
from community.pace import demand_pace
from community.people import Person
from community.refusals import WrongInput
from community.removals import removal_of, removed
from community.resources import hold_standing_resource
from community.restrictions import demand_voice, voice_asked
from community.schools import School
from community.topics import take_turn
from community.words import say
from points.facts import Rate
from points.ledger import Gain, report
from points.progress import SHOWN_FROM
from points.store import Question, Statement, Store
from points.tables import Long, Moment, Name, moment_text

GOOD: Final = 3
A_MINUTE: Final = 10
A_DAY: Final = 100
"""Resources that one person may rate."""
LONGEST: Final = 1000
"""Characters of a comment."""


class Rating(SQLModel, table=True):
    """What a teacher gave a resource, with a comment; `number` tells the resource's apart, `at` is when last."""

    __tablename__: ClassVar[str] = "resource_rating"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="resource_rating_stars"),
        Index("resource_rating_number", "resource", "number", unique=True),
        Index("resource_rating_by", "person", "at"),
        {"info": {"distribution": "resource"}},
    )

    resource: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(sa_type=Integer)
    stars: int = Field(sa_type=Integer)
    text: str = Field(default="", sa_type=Long)
    at: datetime = Field(sa_type=Moment)


GIVE: Final = Statement(
    """
    INSERT INTO resource_rating (resource, person, number, stars, text, at)
    SELECT given.resource, given.person, resource.ratings + 1, given.stars, given.text, given.at
    FROM ROWS(resource text, person text, stars integer, text text, at moment) AS given
    JOIN resource ON resource.id = given.resource WHERE true
    ON CONFLICT (resource, person) DO UPDATE SET stars = excluded.stars, text = excluded.text, at = excluded.at
    """
)
COUNT: Final = Statement(
    f"""
    UPDATE resource SET raters = given.raters, stars = given.stars, good = given.good, ratings = given.last,
        score = CASE WHEN given.raters >= {SHOWN_FROM} THEN 1000 * given.stars / given.raters ELSE 0 END
    FROM (
        SELECT count(*) AS raters, sum(stars) AS stars, sum(CASE WHEN stars >= {GOOD} THEN 1 ELSE 0 END) AS good,
            max(number) AS last
        FROM resource_rating WHERE resource = :resource
    ) AS given
    WHERE id = :resource
    """
)


@dataclass(frozen=True, slots=True)
class RatingSeen:
    """A rating as it is read, with the name of who gave it."""

    rating: Rating
    name: str
    school: str


def rate(session: Session, person: Person, resource: str, stars: int, text: str, now: datetime) -> list[Gain]:
    """Give a resource stars, or others than before; what that brought to whom (annex 二(一)).

    Raises NotThere, NotAllowed for who is silenced, TooFast, WrongInput for another comment in the place of one that
    staff removed, points.ledger.Refused for one's own.
    """
    take_turn(session, person)
    hold_standing_resource(session, resource)
    demand_voice(Store(session).ask(voice_asked(person, now))[0])
    demand_comment(session, person, resource, text)
    _demand_pace(session, person, resource, now)
    gains = report(session, Rate(id=new_id("fact"), at=now, actor=person.id, object=resource, stars=stars), now)
    Store(session).ask(Question(GIVE, [(resource, person.id, stars, text, moment_text(now))]))
    # In a later statement, which sees what was given; the resource is held, so that nobody else's comes between.
    Store(session).ask(Question(COUNT, (), {"resource": resource}))
    return gains


def ratings_of(session: Session, resource: str, most: int = 50) -> Sequence[RatingSeen]:
    """The ratings of a resource that say something and stand, the latest first."""
    rows = session.exec(
        select(Rating, Person.name, School.name)
        .where(
            col(Rating.resource) == resource, col(Rating.text) != "", ~removed(col(Rating.resource), col(Rating.number))
        )
        .where(col(Person.id) == col(Rating.person), col(School.id) == col(Person.school))
        .order_by(col(Rating.at).desc(), col(Rating.person))
        .limit(most)
    )
    return [RatingSeen(rating, name, school) for rating, name, school in rows]


def rating_by(session: Session, resource: str, person: Person) -> Rating | None:
    """What the person gave it."""
    return session.exec(
        select(Rating).where(col(Rating.resource) == resource, col(Rating.person) == person.id)
    ).one_or_none()


def demand_comment(session: Session, person: Person, resource: str, text: str) -> None:
    """Raise WrongInput for another comment in the place of one that was removed: it would be hidden, too."""
    mine = session.execute(
        select(Rating.number, Rating.text).where(col(Rating.resource) == resource, col(Rating.person) == person.id)
    ).one_or_none()
    if mine is not None and text != mine.text and removal_of(session, resource, mine.number) is not None:
        raise WrongInput(text=say("您的评语已被移除，恢复之后才能修改；星级仍然可以改。"))


def number_of_rating(session: Session, person: Person, resource: str) -> int:
    """The number of the person's rating of it, which is there."""
    return session.execute(
        select(Rating.number).where(col(Rating.resource) == resource, col(Rating.person) == person.id)
    ).scalar_one()


def _demand_pace(session: Session, person: Person, resource: str, now: datetime) -> None:
    """Changing one's own is no new one."""
    others = col(Rating.person) == person.id, col(Rating.resource) != resource
    told = say("评得太快了，请看过资源再评；已填写的内容都在。")
    for most, passed in ((A_MINUTE, timedelta(minutes=1)), (A_DAY, timedelta(days=1))):
        demand_pace(session, col(Rating.at), now - passed, most, told, *others)
