"""Filling an empty database as a demo, in one transaction: it is made whole or not at all."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, select

from community.notice_lists import read_all
from community.people import Person
from community.topics import Reply, Topic
from points.tables import FactRow
from points.year_end import close_years_before
from points.years import year_bounds, year_of
from web.database import Database, DatabaseError
from web.demo.acts import Act, announce, carry_out
from web.demo.days import Days
from web.demo.mark import mark
from web.demo.people import welcome_everybody
from web.demo.talk import acts_of_talk
from web.demo.year import Doings

JUST_NOW: Final = timedelta(minutes=3)
"""How long ago the latest thing happened, where the year is old enough."""
READ: Final = 0.8
"""Until when in the year everybody has read the notices."""
SEED: Final = "gongyan"
"""Every demo is the same but for its times."""


class NotEmpty(DatabaseError):
    """The database holds something that is no demo."""


def demand_empty(session: Session) -> None:
    """Raise NotEmpty if anybody is there, or any fact."""
    if any(session.exec(select(id).limit(1)).first() is not None for id in (Person.id, FactRow.id)):
        raise NotEmpty(
            "The database is in use and is no demo, so nothing was done; name another in GONGYAN_DATABASE_URL, or"
            " remove this one if nobody needs it."
        )


def fill(database: Database, now: datetime) -> bool:
    """Make the (prepared) database a demo as of `now` (aware); False if it is one already. Raises NotEmpty."""
    with database.writing() as session:
        # The mark comes first, since whoever else is about to fill the database waits for it.
        if not mark(session, now):
            return False
        demand_empty(session)
        # The closing of a year commits batch by batch; here that must not end the transaction.
        with Session(session.connection(), join_transaction_mode="create_savepoint") as inner:
            _fill(inner, now)
            inner.commit()
        return True


def _fill(session: Session, now: datetime) -> None:
    chance, year = Random(SEED), year_of(now)
    last_begin, begin = year_bounds(year - 1)
    people = welcome_everybody(session, last_begin, now)
    last_year = Days(last_begin, begin - timedelta(hours=1))
    carry_out(session, Doings("last-year.toml", people, last_year, chance).acts())
    close_years_before(session, year, "clock", begin, batch=1000)
    announce(session, begin)
    this_year = Days(begin, max(now - JUST_NOW, begin + (now - begin) / 2))
    done = [*acts_of_talk(people, this_year, chance), *Doings("year.toml", people, this_year, chance).acts()]
    carry_out(session, [*done, *_acts_of_reading(people, this_year)])


def _acts_of_reading(people: Mapping[str, Person], days: Days) -> Iterator[Act]:
    """Everybody has read the notices that came until lately."""
    for person in people.values():

        def read(session: Session, now: datetime, person: Person = person) -> None:
            read_all(session, person.id, now)

        yield Act(days.moment(READ * days.hours), read)


def figures(session: Session) -> tuple[int, ...]:
    """How many people, topics and replies there are."""
    return tuple(session.exec(select(func.count()).select_from(table)).one() for table in (Person, Topic, Reply))
