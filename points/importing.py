"""A log taken into the database, by the same engine as everything else."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final
from uuid import uuid4

from sqlmodel import Session

from points import clock
from points.facts import Fact, extra_of
from points.headway import Headway
from points.log import Log, LogError
from points.memory import Run
from points.reading import read
from points.store import Question, Statement, Store
from points.tables import moment_text
from points.writing import write
from points.year_end import close_years_before
from points.years import year_of

KNOWN: Final = Statement("SELECT id, lines, digest FROM imported_log")
REMEMBER: Final = Statement(
    """
    INSERT INTO imported_log (id, lines, digest, recorded_at) SELECT id, lines, digest, recorded_at
    FROM ROWS(id text, lines integer, digest text, recorded_at moment) AS given WHERE true
    ON CONFLICT (id) DO UPDATE SET lines = excluded.lines, digest = excluded.digest,
        recorded_at = excluded.recorded_at
    """
)
CLOSED_BY_CLOCK: Final = Statement("SELECT max(year) FROM closing WHERE moved_by = 'clock'")

MOST_BYTES: Final = 1 << 25
"""What goes into the database by one transaction; PostgreSQL takes no JSON parameter beyond 256 MB."""


def import_log(
    session: Session,
    log: Log,
    *,
    until: date | None = None,
    batch: int = 20_000,
    progress: Headway = lambda _: None,
) -> tuple[Run, int]:
    """Take a log in, from where an earlier import of it stopped; commits batch by batch.

    At the end all years before that of the day `until` are closed. Returns what this run gave, and how many lines
    had been taken before. Raises LogError, when a line is no fact before anything is taken in.
    """
    survey = _look_at(session, log)
    if survey.first_left is not None:
        _check_year(Store(session), survey.first_left)
    session.commit()
    close_years_before(session, 0, "log", datetime.now(UTC), batch)  # what a crash may have left half closed
    run = Run()
    chunk = Chunk(session, run, survey)
    year = clock.open_year(Store(session))
    session.commit()
    progress(survey.taken)
    for number, line in log.lines():
        if number > survey.taken and not line.isspace():
            fact = log.fact(number, line)
            fact_year = year_of(fact.at)
            if len(chunk.facts) == batch or chunk.bytes > MOST_BYTES or fact_year > year:
                progress(chunk.take_in())
            if fact_year > year:
                year = fact_year
                close_years_before(session, year, "log", datetime.now(UTC), batch)
            chunk.add(fact, line)
        chunk.pass_over(number, line)
    progress(chunk.take_in())
    if until is not None:
        close_years_before(session, until.year, "log", datetime.now(UTC), batch)
    return run, survey.taken


@dataclass(slots=True)
class Survey:
    """What a first look showed: how far the log was taken before, the first fact left, and all imports so far."""

    imports: dict[str, int]
    taken: int = 0
    first_left: Fact | None = None


def _look_at(session: Session, log: Log) -> Survey:
    """Check every line, and find out how far the log was taken in before."""
    known = Store(session).ask(Question(KNOWN))[0]
    session.commit()
    survey, hashed = Survey({id: lines for id, lines, _ in known}), sha256()
    stops = {(lines, digest) for _, lines, digest in known}
    numbers = {lines for lines, _ in stops}
    last = max(numbers, default=0)
    for number, line in log.lines():
        if not line.isspace():
            fact = log.fact(number, line)
            survey.first_left = survey.first_left or fact
        if number <= last:
            hashed.update(_hashed(line))
            if number in numbers and (number, hashed.hexdigest()) in stops:
                survey.taken, survey.first_left = number, None
    return survey


def _check_year(store: Store, first: Fact) -> None:
    """A year that the running service has closed stays closed."""
    ((closed,),) = store.ask(Question(CLOSED_BY_CLOCK))[0]
    if closed and year_of(first.at) <= closed:
        raise LogError(
            f"The log goes back to {year_of(first.at)}, but {closed} is closed for good here:"
            " take it into a new database, or leave the closed years out."
        )


class Chunk:
    """Lines that go into the database by one transaction, and the count and hash of all lines so far."""

    def __init__(self, session: Session, run: Run, survey: Survey) -> None:
        self.session, self.run, self.id = session, run, str(uuid4())
        self.facts: list[Fact] = []
        self.extra: dict[int, str] = {}
        self.bytes = 0
        self._imports = survey.imports
        self._taken = self._passed = survey.taken
        self._hash = sha256()

    def add(self, fact: Fact, line: bytes) -> None:
        """One more fact to take in."""
        extra = extra_of(line, fact)
        if extra is not None:
            self.extra[len(self.facts)] = extra
        self.facts.append(fact)
        self.bytes += len(line)

    def pass_over(self, number: int, line: bytes) -> None:
        """The line is behind us: an empty one, one taken before, or the fact just added."""
        self._passed = max(self._passed, number)
        self._hash.update(_hashed(line))

    def take_in(self) -> int:
        """Take the facts in and remember how far we came, all or nothing; the number of lines this took."""
        lines = self._passed - self._taken
        if not lines:
            return 0
        store = Store(self.session)
        clock.stop_clock(store)
        if {id: lines for id, lines, _ in store.ask(Question(KNOWN))[0]} != self._imports:
            raise LogError("Another import is running on this database; wait for it to end, then run this one again.")
        now = datetime.now(UTC)
        if self.facts:
            _check_year(store, self.facts[0])
            self._take_facts(store, now)
        row = (self.id, self._passed, self._hash.hexdigest(), moment_text(now))
        store.ask(Question(REMEMBER, [row]))
        self.session.commit()
        self._taken = self._imports[self.id] = self._passed
        self.facts, self.extra, self.bytes = [], {}, 0
        return lines

    def _take_facts(self, store: Store, now: datetime) -> None:
        found = read(self.session, self.facts, alone=True)
        words: dict[str, str] = {}
        for number, fact in enumerate(self.facts):
            refusal = found.take(fact)
            if refusal is not None:
                self.run.refuse(fact, refusal)
            elif number in self.extra:
                words[fact.id] = self.extra[number]
        self.run.accepted += len(found.accepted)
        if found.year > found.clock_year:
            clock.move_clock(store, found.clock_year, found.year, "log", now)
        write(found, store, now, words, announce=False)


def _hashed(line: bytes) -> bytes:
    return line.rstrip(b"\r\n") + b"\n"
