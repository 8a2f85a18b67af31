"""Sentences for people: Chinese, and so made that a reader's language can be put in their place when they are shown."""

from collections.abc import Callable
from typing import Any, Final


class Sentence(str):
    """A sentence in Chinese that still knows its pattern (`%(name)s` for what is put in) and what was put in."""

    pattern: str
    given: dict[str, Any]

    def __new__(cls, pattern: str, given: dict[str, Any]) -> "Sentence":
        sentence = super().__new__(cls, pattern % given if given else pattern)
        sentence.pattern, sentence.given = str(pattern), given
        return sentence


VOICES: Final[dict[str, Callable[[str], str]]] = {}
"""How sentences are said in languages other than Chinese; those lend theirs who know the catalogues."""


def said_in(language: str, sentence: str) -> str:
    """A sentence in a language, as far as there is a voice for it, else in Chinese."""
    return VOICES.get(language, str)(sentence)


def say(pattern: str, **given: Any) -> Sentence:
    """A sentence by its pattern, which the catalogues are collected from: always a literal."""
    return Sentence(pattern, given)
