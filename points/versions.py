"""The versions of the rulebook that a database holds."""

from datetime import UTC, datetime
from typing import Final

from sqlmodel import Session

from points import clock
from points.chain import digest
from points.rulebook import Rulebook, Rulebooks, parse_rulebook
from points.store import Question, Statement, Store
from points.tables import moment_text

TEXTS: Final = Statement("SELECT text FROM rulebook_version ORDER BY version")
ADD: Final = Statement(
    """
    INSERT INTO rulebook_version (version, holds_from, text, recorded_at)
    SELECT version, holds_from, text, recorded_at
    FROM ROWS(version integer, holds_from day, text text, recorded_at moment) AS added
    """
)
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
    store.ask(
        Question(
            IN_FORCE, (), {"digest": digest("\n".join(text for (text,) in store.ask(Question(TEXTS))[0]))}
        )
    )


def _read(store: Store) -> Rulebooks:
    texts = [text for (text,) in store.ask(Question(TEXTS))[0]]
    return Rulebooks(
        [parse_rulebook(text, f"version {number} in the database") for number, text in enumerate(texts, 1)]
    )
