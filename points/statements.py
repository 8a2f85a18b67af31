"""What is read of the ledger: balances, a teacher's passbook, how far a teacher has come this year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import nlargest
from typing import Any, Final

from msgspec import MsgspecError, json
from sqlmodel import Session

from points import clock
from points.accounts import Account
from points.figures import Figures, Holdings, HourFigures
from points.progress import Progress, progress
from points.rulebook import UNCAPPED, Clause, Rulebook, Rulebooks
from points.store import Question, Row, Statement, Store
from points.tables import moment_of
from points.versions import rulebooks_in, rulebooks_of
from points.years import year_of

ACCOUNT_FIELDS: Final = "gross, redeemed, registered, expired, carried_in, passed, carried_out"
ACCOUNTS: Final = Statement(f"SELECT teacher, year, {ACCOUNT_FIELDS} FROM account ORDER BY teacher, year")
ACCOUNTS_OF_TEACHER: Final = Statement(
    f"SELECT year, {ACCOUNT_FIELDS} FROM account WHERE teacher = :teacher ORDER BY year"
)
ENTRY_COLUMNS: Final = """
    e.year, e.link, e.line, e.kind, e.rule, e.rulebook, e.thing, e.gross, e.counted, e.hours_gross, e.hours_counted,
    e.category, e.source, e.balance, e.why, e.happened_at, e.recorded_at,
    fact.id, fact.actor, fact.verb, fact.object, fact.details, words.words
"""
WITH_FACT: Final = "LEFT JOIN fact ON fact.id = e.fact LEFT JOIN words ON words.fact = fact.id"
ENTRY_WITH_FACT: Final = f"SELECT {ENTRY_COLUMNS} FROM {{entries}} AS e {WITH_FACT}"
ENTRIES_OF_TEACHER: Final = Statement(
    f"""
    {ENTRY_WITH_FACT.format(entries="ledger_entry")}
    WHERE e.teacher = :teacher AND e.year BETWEEN :first AND :last
    ORDER BY e.year, e.link, e.line
    """
)
FIRST_HOLDERS: Final = Statement(
    """
    SELECT content.content, first
    FROM ROWS(content text) AS asked JOIN content ON content.content = asked.content
    """
)
THINGS_OF_TEACHER: Final = Statement(
    "SELECT id, kind FROM thing WHERE owner = :teacher AND removed_by IS NULL ORDER BY id"
)
THINGS_NEAR: Final = Statement(
    """
    SELECT id, kind, participants, stars FROM thing
    WHERE owner = :teacher AND removed_by IS NULL AND kind <> 'submission' AND (
        kind <> 'resource' OR stars <> '[0,0,0,0,0]' AND NOT EXISTS (
            SELECT 1 FROM award
            WHERE award.thing = thing.id AND award.teacher = :teacher AND award.rule = 'excellent_resource'
        )
    )
    """
)
"""Without what brings nothing any more or nobody has looked at: few have many things, and some have thousands."""
NEAR: Final = 100
"""Things that somebody is told of as the nearest, at most."""
EARNED_THERE: Final = Statement(
    """
    SELECT a.thing, a.rule FROM ROWS(thing text, teacher text) AS asked
    JOIN award AS a ON a.thing = asked.thing AND a.teacher = asked.teacher
    WHERE a.cycle IN (0, :year)
    """
)


def balances(session: Session) -> Holdings:
    """What every teacher holds, by calendar year: the `teachers` object of the activity log."""
    rulebooks = rulebooks_of(session)
    found: Holdings = {}
    for teacher, year, *row in Store(session).stream(ACCOUNTS):
        figures = account_of(tuple(row)).figures(rulebooks.of_year(year))
        if figures is not None:
            found.setdefault(teacher, {})[str(year)] = figures
    return found


def account_of(row: Row) -> Account:
    """The account in a row of ACCOUNT_FIELDS."""
    gross, redeemed, registered, expired, carried_in, passed, carried_out = row
    return Account(
        json.decode(gross), json.decode(redeemed), json.decode(registered),
        expired, carried_in, None if passed is None else bool(passed), carried_out,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PassbookCause:
    """The fact that an entry comes from: who did what to what, and the `words` with it (a reason)."""

    fact: str
    actor: str
    verb: str
    object: str
    details: dict[str, Any]
    words: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PassbookEntry:
    """A line of a passbook: points and hours, before and after caps, and the points left after it.

    Year, `link` and `line` name it among the teacher's entries for good.
    `clause` and `name` are those of the rulebook version that it was written by. `cause` is None when the
    year's end brought it. `why` tells a lesser count or a taking back, in the ledger's own word
    (duplicate_content, removed, retracted, revoked) or `cap`. `limit` is the cap in points or hours, `first`
    the resource that held a repeated content first.
    """

    year: int
    link: int
    line: int
    kind: str
    rule: str | None
    clause: str
    name: str
    rulebook: int
    thing: str | None
    happened_at: datetime
    recorded_at: datetime
    gross: int
    counted: int
    hours_gross: int
    hours_counted: int
    category: str | None
    source: str | None
    balance: int
    cause: PassbookCause | None
    why: str | None
    limit: int | None
    first: str | None


@dataclass(frozen=True, slots=True)
class PassbookYear:
    """A calendar year (Asia/Shanghai) of a passbook; `figures` as in the activity log, `caps` in points.

    `redeemable` are the hours that the points left would make, as far as the ceilings leave room.
    """

    year: int
    figures: Figures
    caps: dict[str, int | None]
    redeemable: int
    entries: list[PassbookEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Passbook:
    """A teacher's account of every year, or of one; without years the teacher has no points and no hours."""

    teacher: str
    years: list[PassbookYear]


def statement(session: Session, teacher: str, year: int | None = None) -> Passbook:
    """The teacher's passbook, of one calendar year or of all; five statements, however many entries."""
    store, rulebooks = Store(session), rulebooks_of(session)
    first, last = (1, 9999) if year is None else (year, year)
    accounts, rows = store.ask(
        Question(ACCOUNTS_OF_TEACHER, (), {"teacher": teacher}),
        Question(ENTRIES_OF_TEACHER, (), {"teacher": teacher, "first": first, "last": last}),
    )
    entries: dict[int, list[PassbookEntry]] = {}
    for entry in entries_in(store, rows, rulebooks):
        entries.setdefault(entry.year, []).append(entry)
    years = [
        _year(number, account_of(tuple(account)), rulebooks.of_year(number), entries[number])
        for number, *account in accounts
        if number in entries
    ]
    return Passbook(teacher, years)


def entries_in(store: Store, rows: Sequence[Row], rulebooks: Rulebooks) -> list[PassbookEntry]:
    """The entries in rows of ENTRY_COLUMNS; one more statement."""
    repeated = {content for row in rows if (content := _repeated_content(row))}
    holders: dict[str, str] = dict(store.ask(Question(FIRST_HOLDERS, [(content,) for content in repeated]))[0])
    return [_entry(row, rulebooks, holders) for row in rows]


@dataclass(frozen=True, slots=True)
class RuleProgress:
    """How much of a rule's cap in points is used in the open year; a cap of None is never reached."""

    rule: str
    clause: str
    name: str
    enabled: bool
    gross: int
    counted: int
    cap: int | None


@dataclass(frozen=True, slots=True)
class ThingProgress:
    """A thing of the teacher's that has not come as far as a rule asks; all measures of the rule."""

    thing: str
    kind: str
    rule: str
    clause: str
    name: str
    measures: list[Progress]

    @property
    def share(self) -> float:
        """How much of the way lies behind, 0 to 1, by the measure that has come least far."""
        return min(min(1.0, step.has / step.needs) if step.needs else 1.0 for step in self.measures)


@dataclass(frozen=True, slots=True)
class TeacherProgress:
    """How far a teacher has come in the open calendar year: points left, hours they make, rules, things.

    `next_hour` are the points that are missing to one hour more; None when the ceilings leave no room for it.
    """

    teacher: str
    year: int
    balance: int
    redeemable: int
    next_hour: int | None
    rules: list[RuleProgress]
    things: list[ThingProgress]


def teacher_progress(
    session: Session, teacher: str, now: datetime | None = None, *, near: bool = False
) -> TeacherProgress | None:  # fmt: skip
    """Each rule against its cap in the open year, and own things against the thresholds ahead, nearest first.

    Rules and thresholds are those in force at `now` (aware; the present moment if left out), the year is the ledger's
    open one, which its closing moves on. None for somebody who has neither account nor thing.
    `near`: only with the 100 things to which most people have come.
    """
    return _standing(session, teacher, now, THINGS_NEAR if near else THINGS_OF_TEACHER, known_only=True)


def standing(session: Session, teacher: str, now: datetime) -> TeacherProgress:
    """The same (`near`) for anybody: who has earned nothing yet stands at nought, in the year of `now` at first."""
    found = _standing(session, teacher, now, THINGS_NEAR, known_only=False)
    assert found is not None
    return found


def years_of(session: Session, teacher: str) -> list[int]:
    """The calendar years in which the teacher has an account, the latest first."""
    rows = Store(session).ask(Question(ACCOUNTS_OF_TEACHER, (), {"teacher": teacher}))[0]
    return [row[0] for row in reversed(rows)]


def account_in(session: Session, teacher: str, year: int) -> Account:
    """The teacher's account of a calendar year; an empty one where nothing was ever entered."""
    rows = Store(session).ask(Question(ACCOUNTS_OF_TEACHER, (), {"teacher": teacher}))[0]
    return next((account_of(row[1:]) for row in rows if row[0] == year), Account())


def _standing(
    session: Session, teacher: str, now: datetime | None, things_of: Statement, known_only: bool
) -> TeacherProgress | None:  # fmt: skip
    now, store = now or datetime.now(UTC), Store(session)
    clocks, accounts, owned = store.ask(
        Question(clock.READ),
        Question(ACCOUNTS_OF_TEACHER, (), {"teacher": teacher}),
        Question(things_of, (), {"teacher": teacher}),
    )
    if known_only and not accounts and not owned:
        return None
    ((year, known_as),) = clocks
    if not known_only:
        year = year or year_of(now)
    rulebooks = rulebooks_in(store, known_as)
    bank, rulebook = rulebooks.of_year(year or 1), rulebooks.at(now)
    account = next((account_of(row[1:]) for row in accounts if row[0] == year), Account())
    rules = [
        RuleProgress(rule.id, rule.clause, rule.name, rule.enabled, gross, min(gross, bank.caps[rule.id]), cap)
        for rule in rulebook.rules
        for gross, cap in [(account.gross.get(rule.id, 0), _cap(bank.caps[rule.id]))]
    ]
    kinds = {id: kind for id, kind, *_ in (owned if things_of is THINGS_OF_TEACHER else _nearest(owned))}
    earned = store.ask(Question(EARNED_THERE, [(thing, teacher) for thing in kinds], {"year": year}))[0]
    things = sorted(
        _ahead(progress(session, kinds, now), kinds, rulebook, set(earned)),
        key=lambda thing: (-thing.share, thing.thing, thing.rule),
    )
    return TeacherProgress(
        teacher, year, account.balance(bank), hours_redeemable(account, bank), _next_hour(account, bank), rules, things,
    )  # fmt: skip


def _nearest(things: Sequence[Row]) -> list[Row]:
    """Those to which most people have come."""
    return nlargest(NEAR, things, key=lambda thing: thing[2] or sum(json.decode(thing[3] or "[]")))


def _ahead(
    found: dict[str, list[Progress]], kinds: dict[str, str], rulebook: Rulebook, earned: set[tuple[str, str]]
) -> Iterator[ThingProgress]:
    """The rules whose condition a thing has yet to meet."""
    for thing, steps in found.items():
        for id in dict.fromkeys(step.rule for step in steps):
            measures = [step for step in steps if step.rule == id]
            rule = rulebook.rule(id)
            if rule is not None and (thing, id) not in earned and not all(step.reached for step in measures):
                yield ThingProgress(thing, kinds[thing], id, rule.clause, rule.name, measures)


def _year(year: int, account: Account, bank: Rulebook, entries: list[PassbookEntry]) -> PassbookYear:
    caps = {rule: _cap(cap) for rule, cap in bank.caps.items()}
    return PassbookYear(year, figures_of(account, bank), caps, hours_redeemable(account, bank), entries)


def figures_of(account: Account, bank: Rulebook) -> Figures:
    """The figures of a year; those of an account that moved nothing are all nought."""
    return account.figures(bank) or Figures(hours=HourFigures(passed=account.passed))


def hours_redeemable(account: Account, bank: Rulebook) -> int:
    """Hours that the points left would make, as far as the ceilings leave room (annex 三(一))."""
    return max(0, min(_room(account, bank), account.balance(bank) // bank.redemption.points_per_hour))


def _next_hour(account: Account, bank: Rulebook) -> int | None:
    """Points that are missing to one hour more than the balance makes; None without room for it."""
    hours = hours_redeemable(account, bank) + 1
    return None if hours > _room(account, bank) else hours * bank.redemption.points_per_hour - account.balance(bank)


def _room(account: Account, bank: Rulebook) -> int:
    """Hours that the ceilings still leave for redemption."""
    return sum(bank.redemption.ceilings.values()) - sum(account.redeemed.values())


def _entry(row: Row, rulebooks: Rulebooks, holders: dict[str, str]) -> PassbookEntry:
    (
        year, link, line, kind, rule, version, thing, gross, counted, hours_gross, hours_counted,
        category, source, balance, why, happened_at, recorded_at, *fact,
    ) = row  # fmt: skip
    bank = rulebooks.of_year(year)
    clause = _clause(kind, rule, source, rulebooks.versions[version - 1], bank)
    limit = None
    if gross != counted and rule is not None:
        limit = _cap(bank.caps[rule])
    elif hours_gross != hours_counted and source is not None:
        limit = bank.sources[source].cap
    return PassbookEntry(
        year, link, line, kind, rule, clause.clause, clause.name, version, thing, moment_of(happened_at),
        moment_of(recorded_at), gross, counted, hours_gross, hours_counted, category, source, balance, _cause(*fact),
        why or (None if limit is None else "cap"), limit, holders.get(_repeated_content(row) or ""),
    )  # fmt: skip


def _clause(kind: str, rule: str | None, source: str | None, rulebook: Rulebook, bank: Rulebook) -> Clause:
    """The clause that an entry was written by."""
    if rule is not None and (found := rulebook.rule(rule)) is not None:
        return found
    if source is not None:
        return bank.sources[source]
    match kind:
        case "expiry":
            return rulebook.redemption.expiry
        case "carry":
            return rulebook.requirement.carry_over
    return rulebook.redemption


def _cause(id: str | None, actor: str, verb: str, object: str, details: str, words: str | None) -> PassbookCause | None:
    if id is None:
        return None
    return PassbookCause(id, actor, verb, object, json.decode(details), words_of(words) if words else {})


def words_of(text: str) -> dict[str, Any]:
    """What people wrote. Nobody has checked it: what is no sound JSON is given as it is spelled."""
    try:
        return json.decode(text, type=dict[str, Any])
    except (MsgspecError, RecursionError):
        return {"words": text}


def _repeated_content(row: Row) -> str | None:
    """The content that earned nothing because a resource held it already."""
    why, details = row[14], row[21]
    if why != "duplicate_content" or details is None:
        return None
    content: str | None = json.decode(details).get("content")
    return content


def _cap(cap: int) -> int | None:
    return None if cap == UNCAPPED else cap
