"""Contents: which files say the same, whoever shares them. What says the same is of one family (readings 10, 14).

A family's id is what a content is called in the ledger. It is known by its traits: what its bytes are, what its text
says, or where a link leads.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import ClassVar, Final
from urllib.parse import urlsplit

from sqlmodel import Field, Session, SQLModel

from community.ids import new_id
from community.likeness import letters_of
from points.store import Question, Statement, Store
from points.tables import Name

TELLING: Final = 30
"""Letters and digits from which on a text tells contents apart; shorter ones are alike by chance."""


class Trait(SQLModel, table=True):
    """Something by which a content is known again, and the family that it belongs to. It stays when the files go."""

    __tablename__: ClassVar[str] = "trait"
    __table_args__ = ({"info": {"distribution": "trait"}},)

    trait: str = Field(primary_key=True, sa_type=Name)
    family: str = Field(sa_type=Name, index=True)


CLAIM: Final = Statement(
    """
    INSERT INTO trait (trait, family) SELECT trait, family FROM ROWS(trait text, family text) AS given
    WHERE true ORDER BY trait ON CONFLICT (trait) DO NOTHING
    """
)
"""Waits for whoever claims the same trait at this moment; in one order, so that nobody waits in a circle."""
KNOWN: Final = Statement("SELECT trait, family FROM trait WHERE trait IN (SELECT trait FROM ROWS(trait text) AS given)")
MOVE: Final = Statement(
    """
    UPDATE trait SET family = given.known FROM ROWS(made text, known text) AS given WHERE trait.family = given.made
    """
)


def trait_of_bytes(digest: str) -> str:
    """The trait of a file by the SHA-256 of its bytes, as hexadecimal."""
    return f"bytes {digest}"


def trait_of_text(text: str) -> str | None:
    """The trait of a text: its letters and digits, however wide, large or spaced; None where they tell too little."""
    letters = letters_of(text)
    return f"text {_digest(letters)}" if len(letters) >= TELLING else None


def trait_of_link(address: str) -> str:
    """The trait of an address on the web: scheme, port of its own, and a slash at the end say nothing."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    path = parts.path.rstrip("/")
    return f"link {_digest(f'{host}{port}{path}?{parts.query}')}"


def traits_of(link: str | None, of_file: str | None) -> list[str]:
    """The traits of a link, or those that are noted of a file, a line each."""
    return [trait_of_link(link)] if link else (of_file or "").split("\n")


def known_families(session: Session, files: Iterable[Sequence[str]]) -> list[set[str]]:
    """The families that each file, told by its traits, belongs to by now; changes nothing."""
    listed = [*files]
    known = _known(session, {trait for traits in listed for trait in traits})
    return [{known[trait] for trait in traits if trait in known} for traits in listed]


def families_of(session: Session, files: Iterable[Sequence[str]]) -> list[set[str]]:
    """The families of each file, told by its traits; those of which nothing was known begin one.

    A file is of two where its bytes are of one and its text of another. Whoever asks about the same trait at this
    moment waits until the transaction ends, and is told the same.
    """
    listed = [*files]
    first = _alike(listed)
    begun = {trait: new_id("content") for trait in {*first.values()}}
    claimed = {trait: begun[one] for trait, one in first.items()}
    Store(session).ask(Question(CLAIM, sorted(claimed.items())))
    # Asked later than the claim, so that those are seen who claimed before us.
    known = _known(session, claimed)
    older: dict[str, set[str]] = {}
    for trait, family in claimed.items():
        older.setdefault(family, set()).update({known[trait]} - {family})
    moved = {family: min(others) for family, others in older.items() if others}
    Store(session).ask(Question(MOVE, [*moved.items()]))
    return [older[claimed[traits[0]]] or {claimed[traits[0]]} for traits in listed]


def _alike(files: Sequence[Sequence[str]]) -> dict[str, str]:
    """Each trait with the first one of what it is alike by way of these files."""
    first = {trait: trait for traits in files for trait in traits}
    for traits in files:
        together = {first[trait] for trait in traits}
        least = min(together)
        first |= {trait: least for trait, one in first.items() if one in together}
    return first


def _known(session: Session, traits: Iterable[str]) -> dict[str, str]:
    (rows,) = Store(session).ask(Question(KNOWN, [(trait,) for trait in sorted(traits)]))
    return {trait: family for trait, family in rows}


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
