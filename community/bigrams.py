"""Words of a text as the index has them: Chinese by pairs of characters, everything else by whole words.

Chinese has no spaces: 作业设计 becomes 作业 业设 设计 and, where the run ends, 计; what somebody looks for is then a
phrase of such pairs, or one character that a pair begins with. Folded alike: width, case, accents (NFKC).
"""

import re
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple
from unicodedata import normalize

LONGEST: Final = 100
"""Characters of what somebody looks for that are heeded."""

LONGEST_WORD: Final = 64
_HAN: Final = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS: Final = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_CHUNKS: Final = re.compile(r"[^\W_]+")


class Term(NamedTuple):
    """Something that must be found in one piece: consecutive words, the last of them perhaps only begun."""

    text: str
    words: tuple[str, ...]
    begun: bool


def fold(text: str) -> str:
    """The text without differences that nobody means: full width, case, accents."""
    return text.translate(_folded)


def folded_at(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in the text that it comes from."""
    parts = [fold(character) for character in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def words_of(text: str) -> list[str]:
    """All words of a text, in their order."""
    return [word for run in _RUNS.findall(fold(text)) for word in _words(run)]


def terms_of(query: str) -> list[Term]:
    """What somebody looks for; all of it must be found. Anything may be typed: what is no word only separates."""
    chunks = _CHUNKS.findall(fold(normalize("NFC", query)[:LONGEST]))
    return [_term(chunk) for chunk in dict.fromkeys(chunks)]


def places_of(term: Term) -> re.Pattern[str]:
    """Where the term stands in a folded text."""
    runs = [re.escape(run) for run in _RUNS.findall(term.text)]
    # A word of letters is found from its beginning on.
    start = "" if _is_han(term.text[0]) else rf"(?<![^\W_{_HAN}])"
    return re.compile(start + r"[\W_]*".join(runs))


def _words(run: str) -> list[str]:
    if not _is_han(run[0]):
        return [run[:LONGEST_WORD]]
    return [one + next for one, next in pairwise(run)] + [run[-1]]


def _term(chunk: str) -> Term:
    runs = _RUNS.findall(chunk)
    words = [word for run in runs for word in _words(run)]
    last = runs[-1]
    if _is_han(last[0]) and len(last) > 1:
        return Term(chunk, tuple(words[:-1]), False)
    return Term(chunk, tuple(words), True)


def _is_han(character: str) -> bool:
    return _RUNS_OF_HAN.match(character) is not None


_RUNS_OF_HAN: Final = re.compile(f"[{_HAN}]")


class _Folded(dict[int, str]):
    """Characters and what they fold to, worked out when they first come."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = "".join(map(_plain, normalize("NFKC", chr(code)).casefold()))
        return folded


@cache
def _plain(character: str) -> str:
    """A letter without its accents; an accent that stands alone is nothing."""
    if "\u0300" <= character <= "\u036f":
        return ""
    first = normalize("NFKD", character)[0]
    return first if first.isascii() and first.isalpha() else character


_folded: Final = _Folded()
