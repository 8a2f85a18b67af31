"""People: who they are, where they teach, and how they are found."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from community.findables import Findable, Kind, join, refresh
from community.ids import new_id
from community.refusals import NotThere, WrongInput
from community.schools import District, School
from community.words import say
from points.tables import Moment, Name

ROLES: Final = ("teacher", "moderator", "school", "bureau")
MOST_SUBJECTS: Final = 5
MANY: Final = 400
"""People asked for at once."""


OPEN: Final = "JOIN person ON person.id = given.person AND closed_at IS NULL WHERE true FOR UPDATE OF person"
"""Behind `FROM ROWS(person text, ...) AS given`: nothing new belongs to an account that closes at this moment, and
whoever sends twice at once waits for himself."""


class Person(SQLModel, table=True):
    """A teacher, moderator, school administrator or officer of the bureau. A reference table.

    `id` is the name under which the ledger knows a teacher; `district` (its id) limits a moderator (None: all
    districts). `subject` is the first of `subjects`, which are separated by spaces.
    `language` is the one that the person chose (empty: none, so Chinese), in which letters are written.
    `closed_at`: the account is closed, name and addresses are erased.
    """

    __tablename__: ClassVar[str] = "person"
    __table_args__ = (
        CheckConstraint("role IN ('teacher', 'moderator', 'school', 'bureau')", name="person_role"),
        Index("person_staff_number", "staff_number", unique=True),
        Index("person_mail", "mail", unique=True),
        Index("person_of_school", "school", "name"),
        Index("person_name", "name"),
        {"info": {"distribution": None}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    name: str = Field(sa_type=Name)
    staff_number: str | None = Field(default=None, sa_type=Name)
    mail: str | None = Field(default=None, sa_type=Name)
    school: str = Field(sa_type=Name)
    stage: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    subjects: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})
    role: str = Field(default="teacher", sa_type=Name)
    district: str | None = Field(default=None, sa_type=Name)
    joined_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    language: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})

    @property
    def all_subjects(self) -> list[str]:
        """What the person teaches, the first one first."""
        return self.subjects.split() or ([self.subject] if self.subject else [])


def person_called(session: Session, name: str) -> Person | None:
    """Whose staff number or mail address it is; closed accounts are nobody's."""
    name = name.strip()
    known_by = col(Person.mail) if "@" in name else col(Person.staff_number)
    return session.exec(
        select(Person).where(known_by == name.casefold(), col(Person.closed_at).is_(None))
    ).one_or_none()


def hold_person(session: Session, id: str) -> Person:
    """The person as they are now, locked: acts on how somebody gets in, and how far, wait for each other here.

    They take this lock before any other; where several people are held, the bureau comes first, then all by id.
    Raises NotThere for a closed account.
    """
    found = session.exec(
        select(Person)
        .where(col(Person.id) == id, col(Person.closed_at).is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这个人。"))
    return found


def hold_people(session: Session, ids: Iterable[str]) -> None:
    """Lock all of them, by id."""
    for some in lots(sorted(ids)):
        session.execute(
            select(Person.id).where(col(Person.id).in_(some)).order_by(col(Person.id)).with_for_update()
        )  # fmt: skip


def lots(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many as are asked for at once, and so on."""
    for at in range(0, len(names), MANY):
        yield names[at : at + MANY]


def welcome(
    session: Session, now: datetime, *, name: str, staff_number: str | None, mail: str | None, school: str, stage: str,
    subject: str, role: str = "teacher", district: str | None = None,
) -> Person:  # fmt: skip
    """A new person. Raises WrongInput when the staff number or the address is somebody else's."""
    person = Person(
        id=new_id("teacher"), name=name, staff_number=staff_number.casefold() if staff_number else None,
        mail=mail.casefold() if mail else None, school=school, stage=stage, subject=subject, subjects=subject,
        role=role, district=district, joined_at=now,
    )  # fmt: skip
    demand_free(session, staff_number=person.staff_number, mail=person.mail)
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:  # somebody else was welcomed by the same name at this moment
        raise WrongInput(staff_number=_taken()) from None
    refresh(session, "person", person.id)
    return person


def people_by_id(session: Session, ids: Collection[str]) -> dict[str, Person]:
    """The people of these ids, by them."""
    return {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}


def names_of(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """What people are called, by id; ids that nobody has are left out."""
    asked = list(dict.fromkeys(ids))
    if not asked:
        return {}
    found = session.execute(select(Person.id, Person.name).where(col(Person.id).in_(asked)))
    return {id: name for id, name in found}


def demand_free(session: Session, but: str = "", **names: str | None) -> None:
    """Raise WrongInput when a staff number or an address is somebody's, other than the person `but`."""
    for field, name in names.items():
        holder = person_called(session, name) if name else None
        if holder is not None and holder.id != but:
            raise WrongInput(**{field: _taken()})


def _taken() -> str:
    return say("这个账号已经有人使用，请核对。")


def anybody(session: Session) -> bool:
    """Whether there is anybody yet."""
    return session.exec(select(Person.id).limit(1)).first() is not None


def _people_to_find(session: Session, ids: Sequence[str]) -> list[Findable]:
    found = session.exec(
        select(Person, School, District)
        .where(col(Person.id).in_(ids), col(Person.closed_at).is_(None))
        .where(col(School.id) == col(Person.school), col(District.id) == col(School.district))
        .execution_options(populate_existing=True)
    ).all()
    return [
        Findable(
            kind="person", id=person.id, address=f"/people/{person.id}", at=person.joined_at, title=person.name,
            text=f"{district.name} · {school.name} · {person.stage}{'、'.join(person.all_subjects)}", person=person.id,
            school=school.id, district=district.id, stage=person.stage, subject=person.subject,
        )
        for person, school, district in found
    ]  # fmt: skip


def _person_ids(session: Session, after: str, many: int) -> Sequence[str]:
    return session.exec(select(Person.id).where(col(Person.id) > after).order_by(col(Person.id)).limit(many)).all()


join(Kind("person", 90, say("教师"), "user-round", _people_to_find, _person_ids, inside=True, dated=False))
