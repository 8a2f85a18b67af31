"""The audit: that the ledger agrees with itself, with the facts it came from, and with its seals.

What it looks at, in this order; the first disagreement ends it:
the versions of the rulebook, the chain of every account (no link or entry changed, missing or added, each beside the
fact that brought it about), running balances and sums, the conservation of points, places in the log, the seals, the
years that were closed, and a replay of all facts in memory: it must give every account, and every thing, participation,
rating, content, award and deposit as it stands. Accounts that the closing of a year has yet to reach must stand as
before it. docs/chain.md tells what is left out.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from points import clock
from points.accounts import Account
from points.chain import ENTRY_FIELDS, FACT_FIELDS, digest, line_of, link_text, words_digest
from points.consequences import TABLES, Replay, first_difference
from points.exports import FACTS, line, watched
from points.facts import read_line
from points.headway import Headway
from points.rulebook import RulebookError, Rulebooks
from points.seals import RunningDigest, Seal, fact_fields, newest_seal, read_seals
from points.statements import ACCOUNT_FIELDS, ACCOUNTS, account_of
from points.store import Question, Row, Statement, Store
from points.tables import moment_text
from points.versions import digest_of, rulebooks_in, texts_of

LINK_FIELDS: Final = ("teacher", "year", "link", "fact", "closing", "position", "digest")
LINES: Final = Statement(
    f"""
    SELECT {", ".join(f"l.{name}" for name in LINK_FIELDS)},
        {", ".join(f"f.{name}" for name in FACT_FIELDS)},
        {", ".join(f"e.{name}" for name in ENTRY_FIELDS)},
        f.position, f.recorded_at, e.fact
    FROM ledger_link AS l
    LEFT JOIN fact AS f ON f.id = l.fact
    LEFT JOIN ledger_entry AS e ON e.teacher = l.teacher AND e.year = l.year AND e.link = l.link
    ORDER BY l.teacher, l.year, l.link, e.line
    """
)
OF_LINK: Final = slice(len(LINK_FIELDS))
OF_FACT: Final = slice(OF_LINK.stop, OF_LINK.stop + len(FACT_FIELDS))
OF_ENTRY: Final = slice(OF_FACT.stop, OF_FACT.stop + len(ENTRY_FIELDS))
CHAINED_ACCOUNTS: Final = Statement(
    f"""
    SELECT teacher, year, {ACCOUNT_FIELDS}, earned, spent, balance, links, head
    FROM account ORDER BY teacher, year
    """
)
ENTRIES: Final = Statement("SELECT count(*) FROM ledger_entry")
CLOSINGS: Final = Statement("SELECT year, ended_at IS NULL FROM closing ORDER BY year")
DAYS: Final = Statement("SELECT version, holds_from FROM rulebook_version ORDER BY version")
COUNTED: Final = Statement("SELECT position FROM clock")
GIVEN_OUT: Final = Statement("SELECT last_value FROM log_position")
LOOKED_AT: Final = ("ledger_entry", "fact", "account", *TABLES)
"""The tables whose rows `progress` is told of."""


class Disagreement(Exception):
    """Something in the ledger is not as it should be; one sentence that says where."""


@dataclass(slots=True)
class Audit:
    """What an audit found: the first disagreement, if any, and what it looked at.

    Among the figures `due` are accounts that the closing of a year has yet to reach.
    """

    disagreement: str | None = None
    figures: dict[str, int] = field(default_factory=dict)


def audit(session: Session, seal: Path | None = None, progress: Headway = lambda _: None) -> Audit:
    """Look at the whole ledger; `seal` names a file of seals that were taken elsewhere. Raises SealError."""
    seals = read_seals(seal) if seal is not None else []
    kept = newest_seal(session)
    found = Audit()
    try:
        _check(session, seals + ([kept] if kept else []), found.figures, progress)
    except Disagreement as disagreement:
        found.disagreement = str(disagreement)
    return found


def _check(session: Session, seals: list[Seal], figures: dict[str, int], progress: Headway) -> None:
    store = Store(session)
    rulebooks = _check_rulebooks(store)
    past = Past(seals, texts_of(store))
    totals = Totals()
    for place, account, links in _accounts_with_links(store, progress):
        with sense(place):
            _check_account(place, account, links, rulebooks, totals, past)
    figures |= {"accounts": totals.accounts, "links": totals.links, "entries": totals.entries}
    entries = (store.one(ENTRIES) or (0,))[0]
    if entries != totals.entries:
        raise Disagreement(f"The ledger has {entries} entries, but only {totals.entries} of them are in a chain.")
    _check_conservation(totals, figures)
    memory = Replay(rulebooks)
    digests, newest = RunningDigest(), 0
    for row in watched(store.stream(FACTS), progress):
        position, id, *_ = row
        if position <= newest:
            raise Disagreement(f"The fact {id} stands at position {position} of the log, which is taken.")
        newest = position
        past.pass_fact(position, digests)
        digests.add(fact_fields(row))
        _check_words(row)
        with sense(f"fact {id}"):
            refusal = memory.take(read_line(line(row)))
        if refusal is not None:
            raise Disagreement(f"The fact {id} is in the ledger, but the rules refuse it at its place in the log.")
    past.end(digests)
    _check_positions(store, newest)
    figures["facts"] = digests.count
    past.check()
    figures["seals"] = len(seals)
    closing = _check_closings(store, memory)
    figures["due"] = _check_replay(store, memory, rulebooks, closing, progress)
    difference = first_difference(store, memory, progress)
    if difference is not None:
        raise Disagreement(difference)


def _check_rulebooks(store: Store) -> Rulebooks:
    """The versions of the rulebook that stand there are those that the clock names, each from its own day."""
    texts = texts_of(store)
    ((_, known_as),) = store.ask(Question(clock.READ))[0]
    if digest_of(texts) != known_as:
        raise Disagreement("The versions of the rulebook are not those that were put in force.")
    try:
        rulebooks = rulebooks_in(store, known_as)
    except RulebookError as error:
        raise Disagreement(f"The rulebook cannot be used: {error}.") from None
    held = [(number, str(day)) for number, day in store.ask(Question(DAYS))[0]]
    if held != [(rulebook.version, rulebook.holds_from.isoformat()) for rulebook in rulebooks.versions]:
        raise Disagreement("The versions of the rulebook do not stand with the days from which their texts hold.")
    return rulebooks


def _check_positions(store: Store, newest: int) -> None:
    """The next fact comes after the newest."""
    ((given_out,),) = store.ask(Question(GIVEN_OUT if store.locks else COUNTED))[0]
    if given_out < newest:
        raise Disagreement(f"Places in the log are given out from {given_out} on, but {newest} is taken.")


@contextmanager
def sense(place: str) -> Iterator[None]:
    """What stands at the place can be read, or that is the disagreement."""
    try:
        yield
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise Disagreement(f"What stands in the {place} makes no sense: {type(error).__name__} {error}.") from None


@dataclass(slots=True)
class Totals:
    """Sums over all accounts: points unless said otherwise."""

    accounts: int = 0
    links: int = 0
    entries: int = 0
    counted: int = 0
    balance: int = 0
    redeemed: int = 0
    expired: int = 0


def _accounts_with_links(store: Store, progress: Headway) -> Iterator[tuple[str, Row, list[Row]]]:
    """Each account beside the lines of its chain, both in order of teacher and year."""
    chains = groupby(watched(store.stream(LINES), progress), itemgetter(0, 1))
    chain = next(chains, None)
    for account in store.stream(CHAINED_ACCOUNTS):
        place = f"account {account[0]} {account[1]}"
        lines: list[Row] = []
        if chain is not None and chain[0] < account[:2]:
            break
        if chain is not None and chain[0] == account[:2]:
            lines = list(chain[1])
            chain = next(chains, None)
        yield place, account, lines
    if chain is not None:
        raise Disagreement(f"The account {chain[0][0]} {chain[0][1]} has a chain, but is missing.")


def _check_account(place: str, row: Row, lines: list[Row], rulebooks: Rulebooks, totals: Totals, past: "Past") -> None:
    teacher, year, *held, earned, spent, balance, links, head = row
    account, bank = account_of(tuple(held)), rulebooks.of_year(year)
    sums = Sums()
    last, positions = "", []
    number = 0
    for number, (_, group) in enumerate(groupby(lines, itemgetter(LINK_FIELDS.index("link"))), start=1):
        link = list(group)
        entries = [dict(zip(ENTRY_FIELDS, line[OF_ENTRY], strict=True)) for line in link]
        position, last = _check_link(place, number, last, link, entries)
        for entry in entries:
            sums.add(f"{place}, link {number}", entry)
        positions.append((position, last))
        totals.entries += len(entries)
    if (number, last) != (links, head):
        raise Disagreement(
            f"The {place} should have {links} links that end with {head[:12] or 'nothing'}, not {number}."
        )
    past.pass_account(teacher, year, positions)
    agree = {
        "earned points": (earned, sums.counted, account.earned(bank)),
        "redeemed points": (spent, sums.redeemed, account.spent(bank)),
        "cleared points": (account.expired, sums.expired),
        "balance": (balance, sums.balance, account.balance(bank)),
        "hours carried in": (account.carried_in, sums.carried),
        "points by rule": ({rule: points for rule, points in account.gross.items() if points}, sums.rules()),
        "hours by category": (account.hours(bank), sums.hours),
    }
    for what, values in agree.items():
        if any(value != values[0] for value in values):
            raise Disagreement(f"In the {place} the {what} do not agree: {', '.join(map(str, values))}.")
    totals.accounts += 1
    totals.links += links
    totals.counted += sums.counted
    totals.balance += balance
    totals.redeemed += spent
    totals.expired += account.expired


def _check_link(place: str, number: int, head: str, lines: list[Row], entries: list[dict[str, Any]]) -> tuple[int, str]:
    """The position and the digest of a link, which must be the one that was written."""
    teacher, year, link, fact, closing, position, written = lines[0][OF_LINK]
    id, happened_at, *_ = known = lines[0][OF_FACT]
    where = f"{place}, link {number}"
    if link != number:
        raise Disagreement(f"In the {where} is missing, link {link} follows.")
    if [entry["line"] for entry in entries] != list(range(1, len(entries) + 1)):
        raise Disagreement(f"In the {where} (fact {fact}) an entry is missing.")
    if fact is not None and id is None:
        raise Disagreement(f"The fact {fact} that brought {where} about is missing.")
    cause = digest(line_of(map(_plain, known))) if fact is not None else f"closing {closing}"
    texts = (line_of(map(_plain, entry.values())) for entry in entries)
    computed = digest(link_text(head, teacher, year, number, cause, texts))
    if computed != written:
        raise Disagreement(f"In the {where} (fact {fact}) something was changed: its digest is not the one written.")
    for entry, (*_, fact_position, recorded_at, entry_fact) in zip(entries, lines, strict=True):
        if entry_fact != fact:
            raise Disagreement(f"In the {where} (fact {fact}) an entry names another fact: {entry_fact}.")
        if fact is not None and position != fact_position:
            raise Disagreement(f"The {where} is at position {position}, but the fact {fact} is at {fact_position}.")
        if fact is not None and (entry["happened_at"], entry["recorded_at"]) != (happened_at, recorded_at):
            raise Disagreement(f"In the {where} an entry has other times than the fact {fact}.")
    return position, computed


class Sums:
    """What the entries of an account sum up to."""

    def __init__(self) -> None:
        self.counted = self.redeemed = self.expired = self.balance = self.carried = 0
        self.hours = {"public": 0, "professional": 0, "elective": 0}
        self._rules: dict[str, int] = {}

    def add(self, where: str, entry: dict[str, Any]) -> None:
        """One more entry; the balance that it names must be the one before and what it counts."""
        self.balance += entry["counted"]
        if entry["balance"] != self.balance:
            raise Disagreement(f"In the {where} the balance should be {self.balance}, not {entry['balance']}.")
        match entry["kind"]:
            case "redemption" | "cancellation":
                self.redeemed -= entry["counted"]
                self.hours[entry["category"]] += entry["hours_counted"]
            case "registration" | "withdrawal":
                self.hours[entry["category"]] += entry["hours_counted"]
            case "expiry":
                self.expired -= entry["counted"]
            case "carry":
                self.carried += entry["hours_counted"]
            case _:
                self.counted += entry["counted"]
                self._rules[entry["rule"]] = self._rules.get(entry["rule"], 0) + entry["gross"]

    def rules(self) -> dict[str, int]:
        """Points by rule, before caps."""
        return {rule: points for rule, points in self._rules.items() if points}


def _check_conservation(totals: Totals, figures: dict[str, int]) -> None:
    figures |= {
        "counted": totals.counted, "balance": totals.balance, "redeemed": totals.redeemed, "expired": totals.expired,
    }  # fmt: skip
    if totals.counted != totals.balance + totals.redeemed + totals.expired:
        raise Disagreement(
            f"Points are not conserved: {totals.counted} counted, but {totals.balance} left,"
            f" {totals.redeemed} redeemed and {totals.expired} cleared."
        )


def _check_words(row: Row) -> None:
    """What people wrote is as they wrote it, or was erased."""
    _, id, *_, written, words, salt = row
    if words is not None and words_digest(salt, words) != written:
        raise Disagreement(f"The words that came with the fact {id} were changed.")


class Past:
    """What the seals saw, computed anew from what stands there now."""

    def __init__(self, seals: Iterable[Seal], rulebooks: list[str]) -> None:
        self._rulebooks = rulebooks
        self.seals = sorted(seals, key=lambda seal: seal.position)
        self._accounts = [RunningDigest() for _ in self.seals]
        self._facts: list[tuple[int, str]] = []

    def pass_account(self, teacher: str, year: int, links: list[tuple[int, str]]) -> None:
        """An account's links: position and digest of each."""
        positions = [position for position, _ in links]
        if positions != sorted(positions):
            raise Disagreement(f"The links of the account {teacher} {year} are not in the order of the log.")
        for seal, accounts in zip(self.seals, self._accounts, strict=True):
            number = bisect_right(positions, seal.position)
            if number:
                accounts.add((teacher, year, number, links[number - 1][1]))

    def pass_fact(self, position: int, facts: RunningDigest) -> None:
        """The next fact, with the digest of those before it."""
        while len(self._facts) < len(self.seals) and self.seals[len(self._facts)].position < position:
            self.end_one(facts)

    def end_one(self, facts: RunningDigest) -> None:
        """The facts that the next seal saw are all there."""
        self._facts.append((facts.count, facts.hex()))

    def end(self, facts: RunningDigest) -> None:
        """There are no more facts."""
        while len(self._facts) < len(self.seals):
            self.end_one(facts)

    def check(self) -> None:
        """Every seal still fits."""
        for seal, accounts, facts in zip(self.seals, self._accounts, self._facts, strict=True):
            texts = self._rulebooks[: seal.rulebooks]
            for what, now, then in (
                ("accounts", (accounts.count, accounts.hex()), (seal.accounts, seal.accounts_digest)),
                ("facts", facts, (seal.facts, seal.facts_digest)),
                ("rulebooks", (len(texts), digest_of(texts)), (seal.rulebooks, seal.rulebooks_digest)),
            ):
                if now != then:
                    raise Disagreement(
                        f"The {what} are not those that were sealed at {seal.sealed_at} (position {seal.position}):"
                        " the past was rewritten."
                    )


def _check_closings(store: Store, memory: Replay) -> set[int]:
    """The years whose closing is under way; every year from the first one to the open one has a closing."""
    open_year = clock.open_year(store)
    closings: dict[int, bool] = dict(store.ask(Question(CLOSINGS))[0])
    first = min([*memory.years, *closings], default=open_year)
    if memory.year > open_year or list(closings) != list(range(first, open_year)):
        raise Disagreement(
            f"The years closed are {', '.join(map(str, closings)) or 'none'},"
            f" but the facts begin in {first} and the open year is {open_year}."
        )
    memory.open_year(open_year)
    return {year for year, under_way in closings.items() if under_way}


def _check_replay(store: Store, memory: Replay, rulebooks: Rulebooks, closing: set[int], progress: Headway) -> int:
    """The facts, replayed, give every account as it stands; how many of them the closing has yet to reach."""
    due = 0
    for teacher, year, *held in watched(store.stream(ACCOUNTS), progress):
        bank, account = rulebooks.of_year(year), account_of(tuple(held))
        expected = memory.years[year].pop(teacher, None)
        if expected is None:
            expected = Account()
            if year < memory.year:
                expected.close(bank, year)
        if account.passed is None and year in closing:
            due += 1
            expected.expired, expected.passed, expected.carried_out = 0, None, 0
            if teacher in memory.years[year + 1]:
                memory.years[year + 1][teacher].carried_in = 0
        if (account.passed, account.figures(bank)) != (expected.passed, expected.figures(bank)):
            raise Disagreement(f"The account {teacher} {year} is not what the facts give when they are replayed.")
    for year, accounts in memory.years.items():
        for teacher, account in accounts.items():
            if account.figures(rulebooks.of_year(year)) is not None:
                raise Disagreement(f"The account {teacher} {year}, which the facts give, is missing.")
    return due


def _plain(value: Any) -> Any:
    return moment_text(value) if isinstance(value, datetime) else value
