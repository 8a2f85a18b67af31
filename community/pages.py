"""Lists page by page, from 1: before the first page is the first, beyond the last the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list, of so many; `count` is how much there is on all of them."""

    items: Sequence[Item]
    number: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Turning(Generic[Item]):
    """One page of a list that is not counted; `more` says whether there is a next one."""

    items: Sequence[Item]
    number: int
    more: bool


def turned(count: int, wanted: int, size: int) -> tuple[int, int, int]:
    """Of a list of so many: the page that is wanted, as far as there is one; the last page; how many stand before."""
    last = max(1, -(-count // size))
    number = min(max(1, wanted), last)
    return number, last, (number - 1) * size
