"""Near-doubles at the desk: what waits, what staff decides of it, and that it takes its decision back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from msgspec import json
from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from community.forecasts import Changed
from community.near_doubles import NearDouble
from community.notices import tell
from community.people import Person, names_of
from community.refusals import NotAllowed, NotThere, Refusal
from community.removals import removed
from community.resources import Resource
from community.roles import demand, is_above
from community.staff import demand_district, demand_over_author, within
from community.staff_log import note, role_then
from community.subjects import Subject, subject_called
from community.words import Sentence, say

VERDICTS: Final = {"apart": say("不是重复"), "double": say("是重复")}


class DoubleDecided(Refusal):
    """Somebody has decided about the pair already."""


class NotDecided(Refusal):
    """It is open, or open again."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two resources: as a subject, when it was shared, and its present version."""

    subject: Subject
    shared_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A resource that says much the same as another one, which was there before (it may have been revised since)."""

    double: NearDouble
    one: Side
    other: Side

    @property
    def state(self) -> Sentence | None:
        """How it was decided."""
        return VERDICTS[self.double.verdict] if self.double.verdict else None

    @property
    def digest(self) -> str:
        """Of what is shown of both: by it a form says what its page showed."""
        shown = [[side.version, side.subject.title, side.subject.html] for side in (self.one, self.other)]
        return sha256(json.encode(shown)).hexdigest()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair in the queue: titles and names."""

    double: NearDouble
    title: str
    name: str
    other_title: str
    other_name: str


def doubles_waiting(session: Session, staff: Person) -> Sequence[Waiting]:
    """What waits where the staff looks after, what was found first before; both stand. Raises NotAllowed."""
    demand(staff, "moderate")
    found = session.exec(
        select(NearDouble)
        .where(open_doubles(), *within(staff, col(NearDouble.district)))
        .order_by(col(NearDouble.found_at), col(NearDouble.resource), col(NearDouble.other))
        .limit(200)
    ).all()
    ids = {id for one in found for id in (one.resource, one.other)}
    rows = session.execute(select(Resource.id, Resource.title, Resource.author).where(col(Resource.id).in_(ids)))
    shared = {id: (title, author) for id, title, author in rows}
    names = names_of(session, (author for _, author in shared.values()))

    def told(resource: str) -> tuple[str, str]:
        title, author = shared[resource]
        return title, names[author]

    return [Waiting(one, *told(one.resource), *told(one.other)) for one in found]


def open_doubles() -> ColumnElement[bool]:
    """That a pair waits: it is not decided about, and neither of them is gone."""
    stand = ~removed(col(NearDouble.resource)) & ~removed(col(NearDouble.other))
    return col(NearDouble.decided_at).is_(None) & stand


def double_for(session: Session, staff: Person, resource: str, other: str, *, hold: bool = False) -> Pair:
    """A pair as the staff sees it; to `hold` it locks it. Raises NotThere, NotAllowed."""
    demand(staff, "moderate")
    asked = select(NearDouble).where(col(NearDouble.resource) == resource, col(NearDouble.other) == other)
    if hold:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.exec(asked).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这一对近似的资源。"))
    demand_district(staff, found.district)
    pair = Pair(found, _side(session, resource), _side(session, other))
    demand_over_author(staff, pair.one.subject.author)
    if staff.id == pair.other.subject.author.id:
        raise NotAllowed(say("其中一份是您自己的，请由另一位同事处理。"))
    return pair


def decide_double(
    session: Session, staff: Person, resource: str, other: str, verdict: str, reason: str, shown: str, now: datetime
) -> None:  # fmt: skip
    """Decide that a pair, whose `digest` was shown, is no double ("apart"), or one ("double"): its sharer is told.

    Raises NotThere, NotAllowed, DoubleDecided, Changed once one of them was written anew.
    """
    pair = double_for(session, staff, resource, other, hold=True)
    if pair.double.verdict is not None:
        raise DoubleDecided(say("这一对已经处理过了，请刷新查看结果。"))
    if pair.digest != shown:
        raise Changed(say("其中一份刚刚有了修改，还没有决定。下面是现在的内容，请看过再决定。"))
    _set(session, pair, verdict=verdict, decided_by=staff.id, decided_at=now, reason=reason)
    _log(session, staff, verdict, pair, reason, now, told=verdict == "double")
    if verdict == "double":
        _tell(session, staff, pair, say("与《%(other)s》内容重复", other=pair.other.subject.title), reason, now)


def reopen_double(session: Session, staff: Person, resource: str, other: str, reason: str, now: datetime) -> None:
    """Take a decision back: the pair waits again. Whoever was told of it is told.

    Raises NotThere, NotDecided, NotAllowed for what was decided higher up.
    """
    pair = double_for(session, staff, resource, other, hold=True)
    verdict, by, at = pair.double.verdict, pair.double.decided_by, pair.double.decided_at
    if verdict is None or by is None or at is None:
        raise NotDecided(say("这一对还没有处理，可以直接决定。"))
    if is_above(role_then(session, by, at), staff):
        raise NotAllowed(say("这是教育局决定的，由教育局更改。"))
    _set(session, pair, verdict=None, decided_by=None, decided_at=None, reason="")
    _log(session, staff, "reopen_double", pair, reason, now, told=verdict == "double")
    if verdict == "double":
        said = say("与《%(other)s》是否重复，将重新审核", other=pair.other.subject.title)
        _tell(session, staff, pair, said, reason, now)


def _side(session: Session, resource: str) -> Side:
    found = session.execute(select(Resource.shared_at, Resource.version).where(col(Resource.id) == resource)).one()
    return Side(subject_called(session, resource), found.shared_at, found.version)


def _set(session: Session, pair: Pair, **values: Any) -> None:
    session.execute(
        update(NearDouble)
        .where(col(NearDouble.resource) == pair.double.resource, col(NearDouble.other) == pair.double.other)
        .values(**values)
    )


def _log(
    session: Session, staff: Person, action: str, pair: Pair, reason: str, now: datetime, told: bool
) -> None:  # fmt: skip
    """What its sharer is not told is not among the decisions about them, either."""
    one = pair.one.subject
    note(
        session, staff, action, now, reason=reason, subject=f"{pair.double.resource}/{pair.double.other}",
        title=one.title, person=one.author.id if told else None, district=pair.double.district,
    )  # fmt: skip


def _tell(session: Session, staff: Person, pair: Pair, decision: Sentence, reason: str, now: datetime) -> None:
    one = pair.one.subject
    tell(
        session, "decision", [one.author.id], now, by=staff.id, address=one.address, title=one.title,
        decision=decision, reason=reason,
    )  # fmt: skip
