"""Lists of resources: those that stand, by kind, stage, subject and licence, in several orders.

A list is a hot page: one round trip for all that it shows, rows and no objects. How many there are in all is not
counted, which would cost more than the list: a page knows whether there is a next one.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final

from msgspec import Struct, convert
from sqlmodel import Session

from community.pages import Turning
from community.people import Person
from community.resources import LICENCES, RESOURCE_KINDS
from community.schools import STAGES, SUBJECTS
from community.words import say
from points import clock
from points.rulebook_tables import Rules
from points.store import Question, Statement, Store
from points.versions import rulebooks_in

PAGE: Final = 20
"""Resources on one page."""
PAGES: Final = 100
"""Beyond these nobody turns pages; whatever is further is found by filters."""
ORDERS: Final = {
    "newest": say("最新"),
    "best": say("好评"),
    "used": say("最多人用"),
    "collected": say("我的收藏"),
    "mine": say("我分享的"),
}
OWN: Final = ("collected", "mine")
"""Lists that only somebody who is signed in has."""
FILTERS: Final = {
    "kind": RESOURCE_KINDS,
    "stage": {stage: say(stage) for stage in STAGES},
    "subject": {subject: say(subject) for subject in SUBJECTS},
    "licence": LICENCES,
}
"""What lists are narrowed down by: the values of each column, and what they are called."""

_STANDS: Final = "gone.thing IS NULL"
_LISTED: Final = {
    "newest": ("", _STANDS, "shared_at DESC, resource.id DESC"),
    "best": ("", _STANDS, "score DESC, raters DESC, resource.id DESC"),
    "used": ("", _STANDS, "downloads DESC, resource.id DESC"),
    "collected": (
        "JOIN collected ON collected.resource = resource.id AND collected.person = :me",
        _STANDS,
        "collected.at DESC, resource.id DESC",
    ),
    "mine": ("", "resource.author = :me", "shared_at DESC, resource.id DESC"),
}
"""What a list joins, holds, and is put in order by. An index gives the first three in their order."""


class Listed(Struct, array_like=True, frozen=True):
    """A resource in a list, with who shared it. `score` is its mean in thousandths of a star, 0 while it is not shown.

    `files` counts those of its present version, `gone_at` is when it was taken away (one's own list shows that), by
    `own` hand or by staff.
    """

    id: str
    title: str
    kind: str
    stage: str
    subject: str
    licence: str
    shared_at: datetime
    raters: int
    score: int
    good: int
    downloads: int
    cover: str
    files: int
    author: str
    name: str
    gone_at: datetime | None
    own: bool | None


def list_resources(
    session: Session, reader: Person | None, order: str, number: int, now: datetime, *, kind: str = "", stage: str = "",
    subject: str = "", licence: str = "",
) -> tuple[Turning[Listed], int]:  # fmt: skip
    """A page of a list, from 1, and how many good ratings an excellent resource needs (0: nothing is given for it).

    `order` is one of ORDERS (an own one is empty without a reader). Beyond the last page there is nothing.
    """
    narrowed = {"kind": kind, "stage": stage, "subject": subject, "licence": licence}
    wanted = {name: value for name, value in narrowed.items() if value}
    if order in OWN:
        wanted["me"] = reader.id if reader else ""
    number = min(max(1, number), PAGES)
    if number > 1:
        wanted["before"] = (number - 1) * PAGE  # type: ignore[assignment]
    store = Store(session)
    rows, ((_, known_as),) = store.ask(Question(_statement(order, (*wanted,)), (), wanted), Question(clock.READ))
    found: Sequence[Listed] = convert(rows[:PAGE], list[Listed], strict=False)
    return Turning(found, number, len(rows) > PAGE and number < PAGES), _needed(
        rulebooks_in(store, known_as).at(now).rules
    )


@cache
def _statement(order: str, wanted: tuple[str, ...]) -> Statement:
    """A list narrowed down by these columns; one more than fits on a page tells that there is a next one.

    The first page has no OFFSET: with one that it does not know, PostgreSQL makes a new plan for each page.
    """
    joined, held, by = _LISTED[order]
    narrowed = "".join(f" AND resource.{name} = :{name}" for name in wanted if name in FILTERS)
    return Statement(
        f"""
        SELECT resource.id, title, kind, resource.stage, resource.subject, licence, shared_at, raters, score, good,
            downloads, cover, (
                SELECT count(*) FROM resource_part
                WHERE resource_part.resource = resource.id AND resource_part.version = resource.version
            ) AS files, person.id AS author, person.name, gone.at AS gone_at, gone.own
        FROM resource {joined} JOIN person ON person.id = resource.author
        LEFT JOIN removal AS gone ON gone.thing = resource.id AND gone.number = 0
        WHERE {held}{narrowed} ORDER BY {by} LIMIT {PAGE + 1}{" OFFSET :before" if "before" in wanted else ""}
        """
    )


def _needed(rules: Rules) -> int:
    rule = rules.excellent_resource
    return rule.threshold.raters if rule.enabled else 0
