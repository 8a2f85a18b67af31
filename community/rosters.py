"""Rosters: lists of people that a school or the bureau hands in, looked at first, then taken in as a whole."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from msgspec import json
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, delete, or_, select, update

from community.access import helped_by
from community.findables import refresh
from community.ids import new_id
from community.joining import change_mail
from community.names import line_of, number_of
from community.notices import News, tell_all
from community.passwords import Credential
from community.people import Person, hold_people, hold_person, lots
from community.profiles import change_role, hold_bureau, mail_of, subjects_of
from community.refusals import NotThere, Refusal, WrongInput
from community.roles import REACH, STAFF, acts_on, may
from community.schools import STAGES, District, School, found_district, found_school, school_of, schools_named
from community.staff_log import note
from community.words import Sentence, say
from points.tables import AccountRow, Long, Moment, Name

COLUMNS: Final = ("姓名", "工号", "邮箱", "区", "学校", "学段", "学科", "角色")
READ: Final[dict[str, Callable[[str], str]]] = {"工号": number_of}
"""How a column is read that is no common line."""
MOST: Final = 20_000
"""Rows of a roster."""
HOLDS: Final = timedelta(hours=1)
"""How long a roster that was looked at waits to be taken in."""
ROLES: Final = {
    "教师": "teacher", "教研员": "moderator", "全市教研员": "moderator", "学校管理员": "school", "教育局": "bureau",
}  # fmt: skip
CHANGED: Final = {
    "姓名": say("您的姓名由“%(was)s”改为“%(value)s”"), "邮箱": say("您的邮箱改为 %(value)s"),
    "学段": say("您的学段改为 %(value)s"), "学科": say("您的学科改为 %(value)s"), "学校": say("您的学校改为 %(value)s"),
}  # fmt: skip
"""What people are told whom a roster changed, by column."""

Kind = Literal["new", "changed", "unchanged", "wrong", "renamed"]


class Roster(SQLModel, table=True):
    """A roster as it was handed in, its rows as JSON until it is taken in; then `people`: whom it brought (ids).

    Of the rows then those stay, without what they say, that were left out as they change a name.
    `taken_at`: it was taken in; `handed_at`: the invitations of its people were handed out, which is done once.
    """

    __tablename__: ClassVar[str] = "roster"
    __table_args__ = ({"info": {"distribution": "id"}},)

    id: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(sa_type=Name, index=True)
    file: str = Field(sa_type=Name)
    rows: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)
    taken_at: datetime | None = Field(default=None, sa_type=Moment)
    people: str = Field(default="[]", sa_type=Long, sa_column_kwargs={"server_default": "[]"})
    handed_at: datetime | None = Field(default=None, sa_type=Moment)


@dataclass(slots=True)
class Row:
    """A row: its number in the file, what it says by column, what would come of it, and what is wrong with it.

    It is `renamed` when it gives another name to somebody who is at work here already: it may be about somebody else.
    """

    number: int
    cells: dict[str, str]
    wrong: list[str] = field(default_factory=list)
    kind: Kind = "wrong"
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    place: tuple[str, str] = ("", "")
    person: Person | None = None

    @property
    def names(self) -> tuple[str, str] | None:
        """The name before and after, where the row changes it."""
        return next(((was, shall) for column, was, shall in self.changes if column == "姓名"), None)

    @property
    def beside_names(self) -> list[tuple[str, str, str]]:
        """What else it changes."""
        return [change for change in self.changes if change[0] != "姓名"]


@dataclass(slots=True)
class Plan:
    """What taking a roster in would do."""

    rows: list[Row]
    count: dict[Kind, int]
    new_schools: list[str]


def keep_roster(
    session: Session, me: Person, file: str, rows: Sequence[tuple[int, dict[str, str]]], now: datetime
) -> str:
    """Keep what was handed in, for an hour and for this person only; returns its id. Older ones are forgotten."""
    hold_person(session, me.id)
    forget_rosters(session, now)
    roster = Roster(id=new_id("roster"), person=me.id, file=file[:100], rows=json.encode(rows).decode(), at=now)
    session.add(roster)
    session.flush()
    return roster.id


def forget_rosters(session: Session, now: datetime) -> None:
    """Delete those that nobody can take in any more, and those that were taken in two weeks ago."""
    session.execute(delete(Roster).where(col(Roster.at) < now - HOLDS, col(Roster.taken_at).is_(None)))
    session.execute(delete(Roster).where(col(Roster.at) < now - timedelta(days=14)))


def roster_of(session: Session, me: Person, id: str, now: datetime) -> Roster:
    """A roster of this person's, while it is kept. Raises NotThere."""
    found = session.exec(select(Roster).where(col(Roster.id) == id, col(Roster.person) == me.id)).one_or_none()
    if found is None or (found.taken_at is None and found.at < now - HOLDS):
        raise NotThere(say("这份名单已经过期，请重新上传。"))
    return found


def plan(session: Session, me: Person, roster: Roster, held: bool = False) -> Plan:
    """What would come of every row, as the people are at present; `held`: and as they stay until it is done."""
    rows = [Row(number, cells) for number, cells in json.decode(roster.rows, type=list[tuple[int, dict[str, str]]])]
    own = _own_place(session, me)
    for row in rows:
        _read(row, own)
    _find(session, rows, held)
    schools = schools_named(session)
    names = {id: name for name, id in schools.items()}
    districts = {name: id for id, name in session.exec(select(District.id, District.name)).all()}
    for row in rows:
        _compare(row, me, schools, names, districts)
    _find_renamed(session, rows)
    _no_twice(rows)
    places = sorted({" ".join(row.place) for row in rows if not row.wrong and row.place not in schools})
    return Plan(rows, _count(rows), places)


def take_in(
    session: Session, me: Person, id: str, now: datetime, only_right: bool = False, renames: bool = False
) -> None:
    """Welcome and change people as the roster says: all rows, or the right ones only; those that are `renamed` only if
    that is wanted, too. Raises Refusal, NotThere.

    A roster is taken in once; the same roster handed in again changes nothing.
    """
    roster = roster_of(session, me, id, now)
    # Claimed first: whoever else takes it in at this moment waits here.
    claimed = session.execute(
        update(Roster).where(col(Roster.id) == id, col(Roster.taken_at).is_(None)).values(taken_at=now)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return
    if may(me, "change roles"):
        hold_bureau(session)
    planned = plan(session, me, roster, held=True)
    if planned.count["wrong"] and not only_right:
        raise WrongInput(
            form=say("还有 %(count)s 行有误，请先改正，或选择只导入正确的行。", count=planned.count["wrong"])
        )
    try:
        with session.begin_nested():
            people = _welcome_all(session, [row for row in planned.rows if row.kind == "new"], now)
            changed = [row for row in planned.rows if row.kind == "changed" or (renames and row.kind == "renamed")]
            for row in changed:
                _change(session, me, row, now)
    except (IntegrityError, WrongInput):
        raise Refusal(say("名单核对以后，有人的工号或邮箱又有变化；请再核对一次。")) from None
    tell_all(session, [one for row in changed for one in _news(me, row)], now)
    left_out = [] if renames else [(row.number, dict[str, str]()) for row in planned.rows if row.kind == "renamed"]
    session.execute(
        update(Roster)
        .where(col(Roster.id) == id)
        .values(people=json.encode(people).decode(), rows=json.encode(left_out).decode())
    )


def not_joined_yet(session: Session, me: Person, roster: Roster) -> list[tuple[Person, str]]:
    """The people whom the roster brought, who have no password yet and whom one may let in; their schools' names."""
    found: list[tuple[Person, str]] = []
    for ids in lots(json.decode(roster.people, type=list[str])):
        found += session.exec(
            select(Person, School.name)
            .join(School, col(School.id) == col(Person.school))
            .outerjoin(Credential, col(Credential.person) == col(Person.id))
            .where(col(Person.id).in_(ids), helped_by(me), col(Credential.person).is_(None))
        ).all()
    return sorted(found, key=lambda one: (one[1], one[0].name, one[0].id))


def hand_out(session: Session, roster: Roster, now: datetime) -> None:
    """The invitations of a roster are handed out once. Raises Refusal."""
    handed = session.execute(
        update(Roster).where(col(Roster.id) == roster.id, col(Roster.handed_at).is_(None)).values(handed_at=now)
    )
    if handed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal(say("邀请名单已经下载过一次。需要时请在各人的页面上重新发出邀请。"))
    hold_people(session, json.decode(roster.people, type=list[str]))


def _own_place(session: Session, me: Person) -> tuple[str, str] | None:
    """Where a school's administrator may welcome people to; None: anywhere."""
    if may(me, "welcome people to any school"):
        return None
    school = school_of(session, me.school)
    return session.exec(select(District.name).where(District.id == school.district)).one(), school.name


def _read(row: Row, own: tuple[str, str] | None) -> None:
    """What a row says by itself, and what is wrong with that."""
    cells = {name: " ".join(row.cells.get(name, "").split()) for name in COLUMNS}
    row.cells = cells
    formulas = [name for name in COLUMNS if row.cells[name].startswith("=")]
    if formulas:
        row.wrong.append(say("“%(column)s”是公式，请改为文字。", column=formulas[0]))
        return
    for name in ("姓名", "工号", *(() if own else ("区", "学校"))):
        if not cells[name]:
            row.wrong.append(say("缺少%(column)s。", column=name))
    for name, value in cells.items():
        try:
            cells[name] = value and READ.get(name, line_of)(value)
        except ValueError as error:
            row.wrong.append(say("“%(column)s”%(wrong)s", column=name, wrong=error.args[0]))
    row.place = own or (cells["区"], cells["学校"])
    if own is not None and (cells["区"] or own[0], cells["学校"] or own[1]) != own:
        row.wrong.append(say("您只能导入本校（%(school)s）的老师。", school=own[1]))
    values: dict[str, Any] = {"name": cells["姓名"], "staff_number": cells["工号"], "mail": None}
    values["stage"] = cells["学段"]
    if cells["学段"] and cells["学段"] not in STAGES:
        row.wrong.append(say("学段应是%(stages)s之一。", stages="、".join(STAGES)))
    try:
        values |= subjects_of(_listed(cells["学科"])) if cells["学科"] else {"subject": "", "subjects": ""}
    except WrongInput:
        row.wrong.append(say("“%(subject)s”不是列表中的学科。", subject=cells["学科"]))
    try:
        values["mail"] = mail_of(cells["邮箱"]) if cells["邮箱"] else None
    except WrongInput as wrong:
        row.wrong.append(wrong.errors["mail"])
    if cells["角色"] and cells["角色"] not in ROLES:
        row.wrong.append(say("角色应是%(roles)s之一。", roles="、".join(ROLES)))
    values["role"] = ROLES.get(cells["角色"], "")
    row.values = values


def _listed(subjects: str) -> list[str]:
    for mark in "、，,;；/":
        subjects = subjects.replace(mark, " ")
    return subjects.split()


def _find(session: Session, rows: list[Row], held: bool) -> None:
    """Who the rows are about, by staff number, and whether an address is somebody else's."""
    numbers = {row.values["staff_number"] for row in rows if row.values.get("staff_number")}
    mails = {row.values["mail"] for row in rows if row.values.get("mail")}
    names = sorted(numbers | mails)
    if held:
        hold_people(session, [person.id for person in _called(session, names)])
    # Asked after they are held: somebody may have changed, or gone, meanwhile.
    people = _called(session, names)
    by_number = {person.staff_number: person for person in people}
    by_mail = {person.mail: person.id for person in people if person.mail}
    for row in rows:
        row.person = by_number.get(row.values.get("staff_number") or "")
        holder = by_mail.get(row.values.get("mail") or "")
        if holder is not None and (row.person is None or row.person.id != holder):
            row.wrong.append(say("这个邮箱已经是另一位老师的。"))


def _called(session: Session, names: list[str]) -> list[Person]:
    people: list[Person] = []
    for some in lots(names):
        known = or_(col(Person.staff_number).in_(some), col(Person.mail).in_(some))
        open_ones = select(Person).where(known, col(Person.closed_at).is_(None))
        people += session.exec(open_ones.execution_options(populate_existing=True)).all()
    return people


def _compare(
    row: Row, me: Person, schools: dict[tuple[str, str], str], names: dict[str, tuple[str, str]],
    districts: dict[str, str],
) -> None:  # fmt: skip
    """What would be new or other, and whether this person may do it. An empty cell changes nothing."""
    found, values = row.person, row.values
    if row.wrong:
        return
    role = values["role"] or (found.role if found else "teacher")
    limit = districts.get(row.place[0], row.place[0]) if REACH[role] == "district" else None
    if row.cells["角色"] == "全市教研员":
        limit = None
    elif not values["role"] and found is not None:
        limit = found.district
    values |= {"role": role, "district": limit}
    if found is None and role in STAFF and not may(me, "change roles"):
        row.wrong.append(say("只有教育局可以指定角色；请填“教师”。"))
    if found is None:
        for column in () if role in STAFF else ("学段", "学科"):
            if not row.cells[column]:
                row.wrong.append(say("缺少%(column)s。", column=column))
        row.kind = "wrong" if row.wrong else "new"
        return
    if found.school != me.school and not may(me, "welcome people to any school"):
        row.wrong.append(say("这个工号是别的学校的老师，调动请联系教育局。"))
        return
    if (found.role, found.district) != (role, limit) and not may(me, "change roles"):
        row.wrong.append(say("只有教育局可以更改角色。"))
    elif found.id != me.id and not acts_on(me, found):
        row.wrong.append(say("这位同事的资料请由教育局修改。"))
    for column, name in (("姓名", "name"), ("邮箱", "mail"), ("学段", "stage"), ("学科", "subjects"), ("角色", "role")):
        was, shall = getattr(found, name) or "", values[name] or ""
        if name == "subjects":
            was = " ".join(found.all_subjects)
        if shall and was != shall:
            row.changes.append((column, _shown(name, was), _shown(name, shall)))
    if found.district != limit and not any(name == "角色" for name, _, _ in row.changes):
        row.changes.append(("角色", _shown("role", found.role), row.cells["角色"]))
    if names.get(found.school) != row.place:
        row.changes.append(("学校", " ".join(names.get(found.school, ())), " ".join(row.place)))
    if row.wrong and not row.changes:
        row.wrong = []
    row.kind = "wrong" if row.wrong else "changed" if row.changes else "unchanged"


def _find_renamed(session: Session, rows: list[Row]) -> None:
    """Which of the rows that change a name are about people who have set a password or earned something."""
    found = {
        row.person.id: row for row in rows
        if row.person and row.kind == "changed" and row.names
    }  # fmt: skip
    for ids in lots(sorted(found)):
        for whose in (col(Credential.person), col(AccountRow.teacher)):
            for id in session.exec(select(whose).where(whose.in_(ids))):
                found[id].kind = "renamed"


def _shown(name: str, value: str) -> str:
    return {role: shown for shown, role in reversed(ROLES.items())}.get(value, value) if name == "role" else value


def _no_twice(rows: list[Row]) -> None:
    """A staff number or an address that stands in two rows is wrong in both."""
    for name, column in (("staff_number", "工号"), ("mail", "邮箱")):
        alike: dict[Any, list[Row]] = {}
        for row in rows:
            if row.values.get(name):
                alike.setdefault(row.values[name], []).append(row)
        for first, *others in alike.values():
            for row, other in [(first, others[0]), *((one, first) for one in others)] if others else ():
                row.wrong.append(say("%(column)s与第 %(number)s 行重复。", column=column, number=other.number))
                row.kind = "wrong"


def _count(rows: list[Row]) -> dict[Kind, int]:
    kinds: tuple[Kind, ...] = ("new", "changed", "unchanged", "wrong", "renamed")
    found = Counter(row.kind for row in rows)
    return {kind: found[kind] for kind in kinds}


def _welcome_all(session: Session, rows: list[Row], now: datetime) -> list[str]:
    places = {place: found_school(session, *place) for place in sorted({row.place for row in rows})}
    people = [
        {**row.values, "id": new_id("teacher"), "school": places[row.place].id, "joined_at": now,
         "district": row.values["district"] and places[row.place].district}
        for row in rows
    ]  # fmt: skip
    if people:
        session.execute(insert(Person), people)
    ids = [str(one["id"]) for one in people]
    refresh(session, "person", *ids)
    return ids


def _change(session: Session, me: Person, row: Row, now: datetime) -> None:
    person, values = row.person, row.values
    assert person is not None
    school = found_school(session, *row.place)
    given = {name: values[name] for name in ("name", "stage") if values[name]}
    if values["subjects"]:
        given |= {"subject": values["subject"], "subjects": values["subjects"]}
    session.execute(update(Person).where(col(Person.id) == person.id).values(school=school.id, **given))
    refresh(session, "person", person.id)
    if values["mail"] and values["mail"] != person.mail:
        change_mail(session, person.id, values["mail"], now)
    if row.kind == "renamed":
        note(session, me, "rename", now, person=person.id, district=school.district)
    district = found_district(session, row.place[0]).id if values["district"] else None
    if person.role != values["role"] or person.district != district:
        if not row.cells["角色"]:
            district = person.district
        change_role(session, me, person, values["role"], district, now)


def _news(me: Person, row: Row) -> Iterator[News]:
    """What the person is told of, but for the role, of which changing it tells."""
    if row.person is not None and row.person.id != me.id:
        for column, was, shall in row.changes:
            if column in CHANGED:
                said = Sentence(CHANGED[column].pattern, {"value": shall, "was": was})
                yield News(row.person.id, "decision", "/me", me.id, given={"said": said})
