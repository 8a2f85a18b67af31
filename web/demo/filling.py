"""Filling an empty database as a demo, in one transaction: it is made whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, select

from community.notice_lists import read_all
from community.people import Person
from community.readings import Reading, read_topic
from community.replies import Reply
from community.resources import Resource
from community.topics import Topic
from points.tables import FactRow
from points.year_end import close_years_before
from points.years import year_bounds, year_of
from web.database import Database, DatabaseError
from web.demo.acts import Act, announce, carry_out
from web.demo.arrivals import Arrivals
from web.demo.days import Days
from web.demo.desk import acts_of_desk
from web.demo.hours import acts_of_hours
from web.demo.mark import mark
from web.demo.people import welcome_everybody
from web.demo.resources import acts_of_resources
from web.demo.talk import acts_of_talk
from web.demo.workshops import acts_of_workshops

JUST_NOW: Final = timedelta(minutes=3)
"""How long ago the latest thing happened, where the year is old enough."""
YOUNG: Final = timedelta(minutes=5)
"""A younger year has no room for anything: the demo then shows the one that has just ended."""
MONTH: Final = timedelta(days=30)
READ: Final = 0.98
"""Until when in the year everybody has read what there is."""
ALL: Final = 1_000_000
"""More replies than a topic has."""
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


def fill(database: Database, files: Path, now: datetime) -> bool:
    """Make the (prepared) database a demo as of `now` (aware); False if it is one already.

    What its people upload is put into the folder of files. Raises NotEmpty, and OSError for a folder that is of no use;
    nothing is left behind then.
    """
    makers = ThreadPoolExecutor(1)
    arrivals = Arrivals(files, makers)
    try:
        with database.writing() as session:
            # The mark comes first, since whoever else is about to fill the database waits for it.
            if not mark(session, now):
                return False
            demand_empty(session)
            # The closing of a year commits batch by batch; here that must not end the transaction.
            with Session(session.connection(), join_transaction_mode="create_savepoint") as inner:
                _fill(inner, arrivals, now)
                inner.commit()
    except BaseException:
        arrivals.take_back()
        raise
    finally:
        makers.shutdown(cancel_futures=True)
    return True


def _fill(session: Session, arrivals: Arrivals, now: datetime) -> None:
    chance, begin = Random(SEED), year_bounds(year_of(now))[0]
    if now - begin < YOUNG:
        now, begin = begin - timedelta(seconds=1), year_bounds(year_of(now) - 1)[0]
    last_begin = year_bounds(year_of(begin) - 1)[0]
    last_year = Days(last_begin, begin - timedelta(hours=1))
    this_year = Days(begin, max(now - JUST_NOW, begin + (now - begin) / 2))
    people = welcome_everybody(session, last_begin, now)
    acts = [
        *acts_of_resources("last-year.toml", people, last_year, arrivals, chance),
        *acts_of_workshops("last-year.toml", people, last_year, arrivals),
        *acts_of_hours("last-year.toml", people, last_year),
        *acts_of_talk(people, Days(begin - MONTH, begin - timedelta(hours=1)), this_year, chance),
        *acts_of_resources("this-year.toml", people, this_year, arrivals, chance),
        *acts_of_workshops("this-year.toml", people, this_year, arrivals),
        *acts_of_hours("this-year.toml", people, this_year),
        *acts_of_desk(people, this_year),
        Act(this_year.moment(READ * this_year.hours), _read),
    ]
    carry_out(session, [act for act in acts if act.at < begin])
    close_years_before(session, year_of(begin), "clock", begin, batch=1000)
    announce(session, begin)
    carry_out(session, [act for act in acts if act.at >= begin])


def _read(session: Session, now: datetime) -> None:
    """Everybody reads the notices and the topics that there are."""
    for person in session.exec(select(Person)).all():
        read_all(session, person.id, now)
        followed = select(Reading.topic).where(Reading.person == person.id)
        for topic in session.exec(followed).all():
            read_topic(session, person, topic, ALL)


def figures(session: Session) -> tuple[int, ...]:
    """How many people, topics, replies and resources there are."""
    tables = (Person, Topic, Reply, Resource)
    return tuple(session.exec(select(func.count()).select_from(table)).one() for table in tables)
