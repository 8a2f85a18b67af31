"""The versions of the rulebook that a database holds."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import zip_longest
from typing import Final

from sqlmodel import Session

from points import clock
from points.chain import digest
from points.rulebook import Rulebook, RulebookError, Rulebooks, dated, parse_rulebook
from points.store import Question, Statement, Store
from points.tables import moment_text
from points.years import day_of

TEXTS: Final = Statement("SELECT text FROM rulebook_version ORDER BY version")
ADD: Final = Statement(
    """
    INSERT INTO rulebook_version (version, holds_from, text, recorded_at)
    SELECT version, holds_from, text, recorded_at
    FROM ROWS(version integer, holds_from day, text text, recorded_at moment) AS added
    """
)
NEWEST: Final = Statement("SELECT max(happened_at) FROM fact")
IN_FORCE: Final = Statement("UPDATE clock SET rulebooks = :digest")
_parsed: Final[dict[str, Rulebooks]] = {}


def rulebooks_in(store: Store, known_as: str) -> Rulebooks:
    """The versions that the clock's digest stands for; read and checked once a process."""
    if known_as not in _parsed:
        _parsed[known_as] = _read(store)
    return _parsed[known_as]


def rulebooks_of(session: Session) -> Rulebooks:
    """The versions that the database holds."""
    store = Store(session)
    ((_, known_as),) = store.ask(Question(clock.READ))[0]
    return rulebooks_in(store, known_as)


def add_version(session: Session, rulebook: Rulebook) -> None:
    """Put one more version beside those that are there; the caller has seen to it that it may follow them."""
    store = Store(session)
    now = moment_text(datetime.now(UTC))
    row = (rulebook.version, rulebook.holds_from.isoformat(), rulebook.text, now)
    store.ask(Question(ADD, [row]))
    store.ask(Question(IN_FORCE, (), {"digest": digest_of(texts_of(store))}))


def take_effect(session: Session, text: str, name: str, day: date) -> Rulebook:
    """Let a rulebook's TOML text, called `name`, be the next version, in force from `day` (Asia/Shanghai).

    Nothing may have happened on that day or after it, and its year must not be closed; caps and hour ceilings
    change on 1 January only. Nobody else writes until the transaction ends. Raises RulebookError.
    """
    store = Store(session)
    clock.stop_clock(store)
    ((newest,),) = store.ask(Question(NEWEST))[0]
    if newest is not None:
        last = day_of(datetime.fromisoformat(newest) if isinstance(newest, str) else newest)
        if day <= last:
            raise RulebookError(
                f"{name}: cannot hold from {day}, since things happened up to {last} already;"
                f" let it hold from a day after {last}"
            )
    if day.year < (open_year := clock.open_year(store)):
        raise RulebookError(
            f"{name}: cannot hold from {day}, since the year {day.year} is closed;"
            f" let it hold from a day in {open_year} or later"
        )
    rulebooks = rulebooks_of(session)
    version = len(rulebooks.versions) + 1
    rulebook = parse_rulebook(dated(text, version, day), name)
    rulebooks.with_version(rulebook)
    add_version(session, rulebook)
    return rulebook


def agree_on(session: Session, rulebooks: Rulebooks) -> None:
    """Hold a ledger to these versions: without facts it takes them over, else it must have them already.

    Versions that are there stay: a ledger without facts can only take further ones. Raises RulebookError.
    """
    store = Store(session)
    clock.stop_clock(store)
    held = [version.text for version in rulebooks_of(session).versions]
    asked = [version.text for version in rulebooks.versions]
    if held == asked:
        return
    ((newest,),) = store.ask(Question(NEWEST))[0]
    if newest is not None or held != asked[: len(held)]:
        different = next(number for number, (a, b) in enumerate(zip_longest(held, asked), start=1) if a != b)
        raise RulebookError(
            f"the database goes by another rulebook (version {different} differs);"
            " leave --rulebook out to go on with its own, or name a new database"
        )
    for version in rulebooks.versions[len(held) :]:
        add_version(session, version)


def texts_of(store: Store) -> list[str]:
    """The TOML texts of all versions, in their order."""
    return [text for (text,) in store.ask(Question(TEXTS))[0]]


def digest_of(texts: Iterable[str]) -> str:
    """SHA-256 over the texts of versions: by it the clock names them, and a seal holds them."""
    return digest("\n".join(texts))


def _read(store: Store) -> Rulebooks:
    return Rulebooks(
        [parse_rulebook(text, f"version {number} in the database") for number, text in enumerate(texts_of(store), 1)]
    )
