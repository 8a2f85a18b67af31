"""Kinds of texts: what one that is looked through for words of the list becomes, and what is looked through of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from community.people import Person
from community.texts import html_as_typed, html_listed, html_of, plain_of
from community.words import Sentence
from points.ledger import Gain

Fields = Mapping[str, Any]
"""What was typed, by the names of its fields."""


@dataclass(frozen=True, slots=True)
class Written:
    """Where a text is to be seen, what it brought, and whether it waits for review."""

    address: str
    gains: Sequence[Gain]
    held: bool


def nothing_beside(session: Session, fields: Fields) -> list[str]:
    """There are only the words."""
    return []


def nothing_removed(session: Session, author: Person, fields: Fields) -> list[str]:
    """Words alone are no content that staff could have removed."""
    return []


@dataclass(frozen=True, slots=True)
class TextKind:
    """What a text can become (`name`), of which the fields `typed` are looked through; `body` is the longest of them.

    `where` gives the title under which it waits and its district, and refuses what publishing would; `beside` what is
    shown beside the words: names of files and links, choices, a place; `removed` the resources that staff removed with
    the same content.
    """

    name: Sentence
    publish: Callable[[Session, Person, str, Fields, datetime], Written]
    where: Callable[[Session, Person, str, Fields, datetime], tuple[str, str]]
    typed: Sequence[str]
    body: str = "text"
    markdown: bool = True
    beside: Callable[[Session, Fields], Sequence[str]] = nothing_beside
    removed: Callable[[Session, Person, Fields], Sequence[str]] = nothing_removed

    def looked_through(self, session: Session, fields: Fields) -> list[str]:
        """The texts in which words of the list are looked for."""
        typed = [fields.get(name) or "" for name in self.typed]
        said = [text for one in typed for text in ([one] if isinstance(one, str) else one)]
        # As it was typed, for what is only in addresses, and as it is read: markup may stand between two letters.
        read = [plain_of(html_of(fields[self.body]))] if self.markdown else []
        return [*said, *read, *self.beside(session, fields)]

    def html(self, session: Session, fields: Fields) -> str:
        """The text as it would be shown."""
        body = fields.get(self.body) or ""
        return (html_of(body) if self.markdown else html_as_typed(body)) + html_listed(self.beside(session, fields))
