"""Sentences for people: Chinese, and so made that a reader's language can be put in their place when they are shown."""

from typing import Any


class Sentence(str):
    """A sentence in Chinese that still knows its pattern (`%(name)s` for what is put in) and what was put in."""

    pattern: str
    given: dict[str, Any]

    def __new__(cls, pattern: str, given: dict[str, Any]) -> "Sentence":
        sentence = super().__new__(cls, pattern % given if given else pattern)
        sentence.pattern, sentence.given = str(pattern), given
        return sentence


def say(pattern: str, **given: Any) -> Sentence:
    """A sentence by its pattern, which the catalogues are collected from: always a literal."""
    return Sentence(pattern, given)
