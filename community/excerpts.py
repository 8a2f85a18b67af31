"""Where in a text the words are that somebody looked for: pieces of it, each marked or not."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from unicodedata import normalize

from community.bigrams import Term, folded_at, places_of

WIDTH: Final = 110
"""Characters of an excerpt."""

BEFORE: Final = 24
"""Characters before the first match."""


class Piece(NamedTuple):
    """A part of a text, and whether it was looked for."""

    text: str
    hit: bool


def marked(text: str, terms: Sequence[Term]) -> list[Piece]:
    """The whole text."""
    text = normalize("NFC", text)
    return _pieces(text, _spans(text, terms), 0, len(text))


def excerpt(text: str, terms: Sequence[Term]) -> list[Piece]:
    """About 110 characters of the text around the first match, on one line; its beginning without one."""
    text = " ".join(normalize("NFC", text).split())
    spans = _spans(text, terms)
    start = max(0, spans[0][0] - BEFORE) if spans and spans[0][1] > WIDTH else 0
    start = max(0, min(start, len(text) - WIDTH))
    end = min(len(text), start + WIDTH)
    pieces = _pieces(text, spans, start, end)
    return [
        *([Piece("…", False)] if start else []),
        *pieces,
        *([Piece("…", False)] if end < len(text) else []),
    ]


def _spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """From where to where the terms stand, in order; what overlaps or touches is one."""
    folded, places = folded_at(text)
    found = sorted(
        (places[match.start()], places[match.end() - 1] + 1)
        for term in terms for match in places_of(term).finditer(folded)
    )  # fmt: skip
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _pieces(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, place = [], start
    for first, last in spans:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        pieces += [Piece(text[place:first], False), Piece(text[first:last], True)]
        place = last
    pieces.append(Piece(text[place:end], False))
    return [piece for piece in pieces if piece.text]
