"""Filling an empty database from a log: the ledger takes its facts, and the site gets all that they are about."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session, select

from community.findables import reindexing
from community.people import Person
from points.headway import Headway
from points.importing import import_log
from points.log import Log
from points.memory import Run
from points.tables import ImportedLog
from points.years import day_of
from web.database import Database
from web.demo.filling import demand_empty
from web.demo.from_log.facts import accepted
from web.demo.from_log.naming import lines
from web.demo.from_log.people import People
from web.demo.from_log.removals import Removals
from web.demo.from_log.resources import Resources
from web.demo.from_log.topics import Topics
from web.demo.from_log.workshops import Workshops
from web.demo.mark import mark
from web.demo.people import welcome_everybody


def fill_from_log(database: Database, log: Log, now: datetime, progress: Headway = lambda _: None) -> Run:
    """Make the (prepared) database a demo of what the log tells as of `now` (aware); what the ledger made of its facts.

    Years before that of `now` are closed. The ledger takes the facts in lots, and goes on where it stopped should
    it be stopped; the people and things of the site, and the mark of a demo, come in one transaction after that.
    Raises NotEmpty, points.log.LogError.
    """
    with database.reading() as session:
        _demand_empty_or_begun(session)
    with TemporaryDirectory() as folder:
        named = Path(folder) / "named.jsonl"
        with named.open("wb") as file:
            file.writelines(lines(log.facts()))
        with database.job() as session:
            run, _ = import_log(session, Log(str(named)), until=day_of(now), progress=progress)
    with database.writing() as session:
        _settle(session, now)
    for batch in reindexing():
        with database.writing() as session:
            batch(session)
    return run


def _demand_empty_or_begun(session: Session) -> None:
    """Raise NotEmpty if anybody is there, or any fact that no log brought."""
    begun = session.exec(select(ImportedLog.id)).first() is not None
    if not begun or session.exec(select(Person.id)).first() is not None:
        demand_empty(session)


def _settle(session: Session, now: datetime) -> None:
    """Have the people and things that the ledger's facts are about."""
    people, topics, resources, workshops, removals = People(), Topics(), Resources(), Workshops(), Removals()
    for done in accepted(session):
        for one in (people, topics, resources, workshops, removals):
            one.take(done)
    mark(session, now)
    welcome_everybody(session, min(people.since.values(), default=now), now)
    session.flush()
    districts = people.write(session)
    for things in (topics, resources, workshops):
        things.write(session, districts)
    removals.write(session)
