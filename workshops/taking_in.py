"""Taking in: members of a workshop by a list of staff numbers, looked at first, then taken in as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlmodel import Session, col, select

from community.forecasts import Changed
from community.names import number_of
from community.notices import tell
from community.people import Person, hold_people, lots
from community.refusals import WrongInput
from community.words import Sentence, say
from workshops.members import Member, bring_in, demand_helper
from workshops.workshops import Held, hold_open_workshop, look_at_workshop

MOST: Final = 5_000
"""Lines of a list."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line: its number in the list, the staff number and the name that it says, whose that is, or what is wrong."""

    number: int
    staff_number: str
    name: str
    person: Person | None = None
    wrong: Sentence | None = None
    already: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a list in would do."""

    rows: Sequence[Row]

    @property
    def new(self) -> list[Row]:
        """Those that it would take in."""
        return [row for row in self.rows if row.person is not None and row.wrong is None and not row.already]

    @property
    def wrong(self) -> list[Row]:
        """Those with errors."""
        return [row for row in self.rows if row.wrong is not None]

    @property
    def already(self) -> list[Row]:
        """Those of members."""
        return [row for row in self.rows if row.already]

    @property
    def digest(self) -> str:
        """Of whom it would take in: by it a form says what its page showed."""
        return sha256("\n".join(sorted(row.person.id for row in self.new if row.person)).encode()).hexdigest()


def look(session: Session, helper: Person, workshop: str, listed: str) -> Plan:
    """What would come of every line of a list; changes nothing. Raises NotThere, NotAllowed, WrongState, WrongInput."""
    held = hold_open_workshop(session, workshop)
    demand_helper(session, held, helper)
    return _plan(session, held, listed)


def take_in(session: Session, helper: Person, workshop: str, listed: str, shown: str, now: datetime) -> int:
    """Have whom the list names as members, those lines left out that are wrong; how many came. They are told.

    Raises NotThere, NotAllowed, WrongState, WrongInput, Changed when it would be others than were `shown`.
    """
    looked_at = look_at_workshop(session, workshop)
    demand_helper(session, looked_at, helper)
    # Before the workshop, as whoever closes an account does.
    hold_people(session, [row.person.id for row in _plan(session, looked_at, listed).new if row.person])
    held = hold_open_workshop(session, workshop)
    demand_helper(session, held, helper)
    plan = _plan(session, held, listed)
    if plan.digest != shown:
        raise Changed(say("在您核对之后情况有了变化，还没有导入。请看新的结果，再决定。"))
    people = [row.person.id for row in plan.new if row.person]
    if not people:
        raise WrongInput(numbers=say("名单里没有可以导入的老师。"))
    bring_in(session, held, people, helper, now)
    tell(
        session, "workshop", people, now, by=helper.id, address=f"/workshops/{workshop}", title=held.title,
        news=say("已将您加入工作坊；不想参加，可以随时退出"),
    )  # fmt: skip
    return len(people)


def _plan(session: Session, held: Held, listed: str) -> Plan:
    lines = [*_lines(listed)]
    if not lines:
        raise WrongInput(numbers=say("请填写工号，一行一位。"))
    if len(lines) > MOST:
        raise WrongInput(numbers=say("一次最多 %(most)s 行，请分几次导入。", most=MOST))
    known = _known_by(session, [staff_number for _, staff_number, _ in lines])
    members = _members(session, held.id, [person.id for person in known.values()])
    rows, seen = [], dict[str, int]()
    for number, staff_number, name in lines:
        person, twice = known.get(staff_number), seen.setdefault(staff_number, number)
        wrong = _wrong(held, person, name, twice if twice != number else 0)
        rows.append(Row(number, staff_number, name, person, wrong, person is not None and person.id in members))
    return Plan(rows)


def _lines(listed: str) -> Iterator[tuple[int, str, str]]:
    """The lines that say something: a staff number, and maybe a name behind it."""
    for number, line in enumerate(listed.splitlines(), 1):
        said = line.replace(",", " ").replace("，", " ").split()
        if said:
            yield number, _read(said[0]), " ".join(said[1:])[:200]


def _read(typed: str) -> str:
    try:
        return number_of(typed).casefold()
    except ValueError:  # no staff number looks so, and nobody has it
        return typed.casefold()[:200]


def _wrong(held: Held, person: Person | None, name: str, twice: int) -> Sentence | None:
    if person is None:
        return say("没有这个工号。")
    if twice:
        return say("和第 %(number)s 行重复。", number=twice)
    if name and name != person.name:
        return say("姓名不符：这个工号是%(name)s。", name=person.name)
    return say("这是工作坊主。") if person.id == held.host else None


def _known_by(session: Session, numbers: Sequence[str]) -> dict[str, Person]:
    return {
        str(person.staff_number): person
        for some in lots(numbers)
        for person in session.exec(
            select(Person).where(col(Person.staff_number).in_(some), col(Person.closed_at).is_(None))
        )
    }


def _members(session: Session, workshop: str, people: Sequence[str]) -> set[str]:
    return {
        person
        for some in lots(people)
        for person in session.exec(
            select(Member.person).where(col(Member.workshop) == workshop, col(Member.person).in_(some))
        )
    }
