"""What some facts touch, read from the ledger into a working set, and locked where the database has many writers.

The order of locks, everywhere: the clock, then the keys of things, contents and facts by their hash, then
accounts by teacher. What a decision needs is read in a later statement than its lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec import json
from sqlmodel import Session

from points import clock
from points.deposits import Redemption, Registration
from points.facts import (
    CancelRedemption,
    CreateActivity,
    Fact,
    Rate,
    Recommend,
    Redeem,
    RegisterHours,
    Remove,
    Reply,
    Restore,
    Retract,
    Revise,
    Revoke,
    Share,
    Submit,
    TakePart,
    WithdrawHours,
)
from points.store import Question, Row, Statement, Store
from points.things import Activity, Award, Resource, Submission, Thing, Topic, Workshop
from points.versions import rulebooks_in
from points.working_set import LedgerAccount, WorkingSet
from points.years import year_of

LOCK: Final = Statement(
    f"""
    WITH RECURSIVE asked AS (SELECT key FROM ROWS(key text) AS given),
    up (id, container) AS (
        SELECT thing.id, thing.container FROM asked JOIN thing ON thing.id = substr(asked.key, 7)
        WHERE asked.key LIKE 'thing %'
        UNION SELECT thing.id, thing.container FROM up JOIN thing ON thing.id = up.container
    )
    SELECT key, CASE
            WHEN rank = 1 THEN pg_advisory_xact_lock(hash)
            WHEN (SELECT year FROM clock) < :year THEN pg_advisory_xact_lock(hash)
            ELSE pg_advisory_xact_lock_shared(hash) END
    FROM (
        SELECT 0 AS rank, 'clock' AS key, {clock.KEY} AS hash
        UNION ALL SELECT 1, key, hashtextextended(key, 0)
        FROM (SELECT key FROM asked UNION SELECT 'thing ' || id FROM up) AS keys
        ORDER BY rank, hash
    ) AS hashes
    """
)
"""The clock, shared unless it has to be moved; then the keys, to which those of things bring what contains them."""

MARK: Final = Statement("SAVEPOINT unlocked")
LET_GO: Final = Statement("ROLLBACK TO SAVEPOINT unlocked")
FACTS: Final = Statement("SELECT fact.id FROM ROWS(id text) AS asked JOIN fact ON fact.id = asked.id")
THINGS: Final = Statement(
    """
    WITH RECURSIVE up AS (
        SELECT thing.* FROM ROWS(id text) AS asked JOIN thing ON thing.id = asked.id
        UNION SELECT thing.* FROM up JOIN thing ON thing.id = up.container
    )
    SELECT id, kind, owner, container, removed_by, recommended_by, featured_by, qualified_by,
        year, participants, active_year, outcomes, barred, contents, stars FROM up
    """
)
CONTENTS: Final = Statement(
    "SELECT content.content, standing FROM ROWS(content text) AS asked JOIN content ON content.content = asked.content"
)
REDEMPTIONS: Final = Statement(
    """
    SELECT redemption.fact, teacher, year, category, hours, cancelled_by
    FROM ROWS(fact text) AS asked JOIN redemption ON redemption.fact = asked.fact
    """
)
REGISTRATIONS: Final = Statement(
    """
    SELECT registration.fact, teacher, year, source, amount, withdrawn_by
    FROM ROWS(fact text) AS asked JOIN registration ON registration.fact = asked.fact
    """
)
PEOPLE: Final = Statement(
    """
    SELECT p.thing, p.teacher, p.part, p.year
    FROM ROWS(thing text, teacher text) AS asked
    JOIN participation AS p ON p.thing = asked.thing AND p.teacher = asked.teacher
    """
)
RATINGS: Final = Statement(
    """
    SELECT r.thing, r.teacher, r.stars
    FROM ROWS(thing text, teacher text) AS asked
    JOIN rating AS r ON r.thing = asked.thing AND r.teacher = asked.teacher
    """
)
AWARDS: Final = Statement(
    """
    SELECT a.thing, a.rule, a.cycle, a.teacher, a.year, a.points, a.marks
    FROM ROWS(thing text, teacher text) AS asked
    JOIN award AS a ON a.thing = asked.thing AND a.teacher = asked.teacher
    """
)
AWARDS_OF_YEAR: Final = Statement(
    """
    SELECT a.thing, a.rule, a.cycle, a.teacher, a.year, a.points, a.marks
    FROM ROWS(thing text, year integer) AS asked JOIN award AS a ON a.thing = asked.thing AND a.year = asked.year
    """
)
EVERYBODY: Final = Statement("SELECT teacher, part, year FROM participation WHERE thing = :thing")
ACCOUNTS: Final = Statement(
    """
    SELECT a.teacher, gross, redeemed, registered, balance, carried_in, links, head
    FROM ROWS(teacher text, year integer) AS asked
    JOIN account AS a ON a.teacher = asked.teacher AND a.year = asked.year
    """
)
"""The year is asked for with each teacher: apart, it lets a planner without statistics take a year's accounts for few
and go through them for every teacher."""
HOLD_ACCOUNTS: Final = Statement(
    """
    INSERT INTO account (teacher, year) SELECT teacher, year FROM ROWS(teacher text, year integer) AS asked
    ORDER BY teacher
    ON CONFLICT (teacher, year) DO UPDATE SET year = excluded.year
    RETURNING teacher, gross, redeemed, registered, balance, carried_in, links, head, nextval('log_position')
    """
)
"""Makes what is missing, waits for who else writes them, and gives them as they are then."""
HOLD_IF_THERE: Final = Statement(
    """
    UPDATE account SET year = account.year FROM ROWS(teacher text, year integer) AS asked
    WHERE account.teacher = asked.teacher AND account.year = asked.year
    RETURNING account.teacher, gross, redeemed, registered, balance, carried_in, links, head, nextval('log_position')
    """
)
POSITION: Final = Statement("SELECT nextval('log_position')")
POSITIONS: Final = Statement("SELECT nextval('log_position') FROM generate_series(1, :count)")
COUNT_ON: Final = Statement("UPDATE clock SET position = position + :count RETURNING position")


def read(session: Session, facts: Sequence[Fact], *, alone: bool = False, write: bool = True) -> WorkingSet:
    """What facts of one calendar year touch, of the ledger as it stands.

    It is locked, so that it stays so until the transaction ends; `alone`: it need not be, since the caller has
    stopped the clock. Without `write` nothing is locked.
    """
    store = Store(session)
    reader = LedgerReader(store, locking=store.locks and write and not alone)
    asked = Asked.by(facts)
    while True:
        found, locked = _read_asked(store, reader, asked, facts)
        # What was made while we waited has a container of its own, what is removed or restored has contents.
        containers = {f"thing {id}" for id in found.things}
        contents = {
            content
            for fact in facts
            if isinstance(fact, Remove | Restore) and isinstance(thing := found.things.get(fact.object), Resource)
            for content in thing.contents
        }
        if contents <= asked.contents and (not reader.locking or not asked.may_widen or containers <= locked):
            break
        asked.contents |= contents
        asked.keys |= containers | {f"content {content}" for content in contents}
        if reader.locking:
            # Keys are taken all at once, in order: whoever took further ones to those it holds could wait in a circle.
            store.ask(Question(LET_GO))
    _read_people(store, found, facts)
    _read_accounts(reader, found, facts, alone)
    return found


INSIDE: Final = TakePart | Submit | Recommend | Retract
"""Facts about what has a container."""


@dataclass
class Asked:
    """What facts name by themselves; `keys` have to be locked for it, and more may turn out to (`may_widen`)."""

    facts: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)
    deposits: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    may_widen: bool = False

    @classmethod
    def by(cls, facts: Sequence[Fact]) -> "Asked":
        """What the facts name."""
        asked = cls()
        for fact in facts:
            asked.facts.add(fact.id)
            asked.may_widen |= isinstance(fact, INSIDE | Remove | Restore | Revoke)
            if isinstance(fact, CancelRedemption | WithdrawHours):
                asked.deposits.add(fact.object)
            elif not isinstance(fact, Redeem | RegisterHours):
                asked.things.add(fact.object)
            if isinstance(fact, CreateActivity | Submit):
                asked.things.add(fact.target)
            elif isinstance(fact, Share | Revise):
                asked.contents.add(fact.content)
        asked.keys = {f"thing {id}" for id in asked.things} | {f"content {content}" for content in asked.contents}
        asked.keys |= {f"fact {id}" for id in asked.facts | asked.deposits}
        return asked


class LedgerReader:
    """Finds what turns out to be needed only while effects are carried out."""

    def __init__(self, store: Store, locking: bool) -> None:
        self.store = store
        self.locking = locking
        self._position = 0

    @staticmethod
    def account(row: Row) -> tuple[str, LedgerAccount]:
        """A teacher and the account that a row of the columns above holds."""
        teacher, gross, redeemed, registered, balance, carried_in, links, head, *_ = row
        return teacher, LedgerAccount(
            gross=json.decode(gross), redeemed=json.decode(redeemed), registered=json.decode(registered),
            carried_in=carried_in, points=balance, links=links, head=head,
        )  # fmt: skip

    def ask(self, year: int, asked: "Asked", questions: Sequence[Question]) -> tuple[set[str], list[list[Row]]]:
        """Hold the clock and the keys, and answer the questions as things stand then; with the keys held."""
        if not self.locking:
            return set(), self.store.ask(*questions)
        if asked.may_widen:
            self.store.ask(Question(MARK))
        (keys,) = self.store.ask(Question(LOCK, _column(asked.keys), {"year": year}))
        positions, *answers = self.store.ask(Question(POSITION), *questions)
        self.pass_position(positions[0][0])
        return {key for key, _ in keys}, answers

    def accounts(self, year: int, teachers: Iterable[str]) -> dict[str, LedgerAccount]:
        """The teachers' accounts of the year, held for writing; an empty one where there is none."""
        found = self._hold(HOLD_ACCOUNTS, year, teachers)
        return {teacher: LedgerAccount() for teacher in teachers} | found

    def accounts_there(self, year: int, teachers: Iterable[str]) -> dict[str, LedgerAccount]:
        """The same of those that exist; none is made."""
        return self._hold(HOLD_IF_THERE, year, teachers)

    def positions(self, count: int) -> list[int]:
        """The next places in the log, ascending, given out after the last lock was taken."""
        if self.locking and count == 1 and self._position:
            return [self._position]
        if self.store.dialect == "sqlite":
            ((last,),) = self.store.ask(Question(COUNT_ON, (), {"count": count}))[0]
            return list(range(last - count + 1, last + 1))
        return sorted(position for (position,) in self.store.ask(Question(POSITIONS, (), {"count": count}))[0])

    def pass_position(self, position: int) -> None:
        """A place in the log that was given out along with a lock; the last one counts."""
        self._position = max(self._position, position)

    def _hold(self, hold: Statement, year: int, teachers: Iterable[str]) -> dict[str, LedgerAccount]:
        statement = hold if self.locking else ACCOUNTS
        rows = self.store.ask(Question(statement, [(teacher, year) for teacher in teachers]))[0]
        for row in rows if self.locking else ():
            self.pass_position(row[8])
        return dict(map(self.account, rows))

    def people(self, workshop: Workshop) -> list[Row]:
        """Every participation in the workshop: teacher, activity, year."""
        return self.store.ask(Question(EVERYBODY, (), {"thing": workshop.id}))[0]


NOTHING: Final = Question(FACTS)


def _read_asked(store: Store, reader: LedgerReader, asked: Asked, facts: Sequence[Fact]) -> tuple[WorkingSet, set[str]]:
    year = year_of(max(fact.at for fact in facts))
    questions = (
        Question(clock.READ),
        Question(FACTS, _column(asked.facts)),
        Question(THINGS, _column(asked.things)),
        Question(CONTENTS, _column(asked.contents)),
        Question(REDEMPTIONS, _column(asked.deposits)),
        Question(REGISTRATIONS, _column(asked.deposits)),
    )
    locked, (clocks, known, things, contents, redemptions, registrations) = reader.ask(year, asked, questions)
    ((clock_year, rulebooks),) = clocks
    found = WorkingSet(rulebooks_in(store, rulebooks), clock_year, max(year, clock_year), reader)
    found.facts.update(id for (id,) in known)
    for row in sorted(things, key=lambda row: KINDS.index(row[1])):
        found.things[row[0]] = _thing(row, found.things)
    found.standing.update(contents)
    found.redemptions.update({fact: Redemption(*rest) for fact, *rest in redemptions})
    found.registrations.update({fact: Registration(*rest) for fact, *rest in registrations})
    return found, locked


def _read_people(store: Store, found: WorkingSet, facts: Sequence[Fact]) -> None:
    """Who takes part, rates and has earned, as far as the facts are about it."""
    made: dict[str, set[str]] = {}
    for fact in facts:
        if isinstance(fact, CreateActivity):
            made.setdefault(fact.object, set()).add(fact.target)
    people, ratings, awards, whole = set(), set(), set(), set()
    for fact in facts:
        thing = found.things.get(fact.object)
        match fact:
            case Reply() if isinstance(thing, Topic):
                people.add((thing.id, fact.actor))
                awards.add((thing.id, thing.owner))
            case Rate() if isinstance(thing, Resource):
                ratings.add((thing.id, fact.actor))
                awards.add((thing.id, thing.owner))
            case TakePart() | Submit() | Retract():
                teacher = fact.teacher if isinstance(fact, Retract) else fact.actor
                part = fact.target if isinstance(fact, Submit) else fact.object
                activity = found.things.get(part)
                if isinstance(activity, Activity):
                    people.add((activity.workshop.id, teacher))
                    awards |= {(part, teacher), (activity.workshop.id, teacher)}
                else:
                    people |= {(id, teacher) for id in (part, *made.get(part, ()))}
                    awards |= {(id, teacher) for id in (part, *made.get(part, ()))}
            case Remove() | Restore() | Revoke():
                whole.add(fact.object)
    there = found.things.keys()
    taking_part, rated, earned, all_earned = store.ask(
        Question(PEOPLE, [pair for pair in people if pair[0] in there]),
        Question(RATINGS, [pair for pair in ratings if pair[0] in there]),
        Question(AWARDS, [pair for pair in awards if pair[0] in there]),
        Question(AWARDS_OF_YEAR, [(id, found.year) for id in whole if id in there]),
    )
    for id, teacher, part, year in taking_part:
        place = found.things[id]
        if isinstance(place, Workshop):
            place.people.setdefault(teacher, {})[part] = year
        elif isinstance(place, Topic):
            place.people[teacher] = year
    for id, teacher, stars in rated:
        resource = found.things[id]
        if isinstance(resource, Resource):
            resource.ratings[teacher] = stars
    for id, rule, cycle, teacher, year, points, marks in sorted({*earned, *all_earned}):
        found.things[id].awards[rule, cycle, teacher] = Award(year, points, marks)


def _read_accounts(reader: LedgerReader, found: WorkingSet, facts: Sequence[Fact], alone: bool) -> None:
    """The accounts that a decision looks at; for whoever writes alone also those that the facts may well reach."""
    if not alone:
        found.accounts.update(reader.accounts_there(found.year, {f.actor for f in facts if isinstance(f, Redeem)}))
        return
    teachers = {fact.actor for fact in facts} | {thing.owner for thing in found.things.values()}
    teachers |= {fact.teacher for fact in facts if isinstance(fact, Retract)}
    found.accounts.update(reader.accounts(found.year, teachers))


def _column(values: Iterable[str]) -> list[tuple[str]]:
    return [(value,) for value in values]


KINDS: Final = ("resource", "topic", "workshop", "activity", "submission")


def _thing(row: Row, things: dict[str, Thing]) -> Thing:
    (
        id, kind, owner, container, removed_by, recommended_by, featured_by, qualified_by,
        year, participants, active_year, outcomes, barred, contents, stars,
    ) = row  # fmt: skip
    common: dict[str, Any] = {"id": id, "owner": owner, "removed_by": removed_by}
    if barred:
        common["barred"] = tuple((rule, cycle) for rule, cycle in json.decode(barred))
    match kind:
        case "resource":
            return Resource(**common, contents=json.decode(contents), stars=json.decode(stars))
        case "topic":
            return Topic(**common, participants=participants)
        case "workshop":
            return Workshop(
                **common,
                featured_by=featured_by,
                year=year,
                participants=participants,
                active_year=active_year,
            )
        case "activity":
            workshop = things[container]
            assert isinstance(workshop, Workshop)
            return Activity(
                **common,
                workshop=workshop,
                participants=participants,
                outcomes=outcomes,
                qualified_by=qualified_by,
            )
    activity = things[container]
    assert isinstance(activity, Activity)
    return Submission(**common, activity=activity, recommended_by=recommended_by)
