"""Districts and their schools, and what is taught there."""

from typing import Any, ClassVar, Final, TypeVar, cast

from sqlalchemy import Index
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from community.ids import new_id
from points.tables import Name

STAGES: Final = ("学前", "小学", "初中", "高中", "中职", "特教")
SUBJECTS: Final = (
    "语文", "数学", "英语", "物理", "化学", "生物", "历史", "地理", "道德与法治", "科学", "信息科技", "音乐", "美术",
    "体育与健康", "劳动", "综合实践", "心理健康", "班主任", "学前教育", "特殊教育", "专业课", "其他",
)  # fmt: skip


class District(SQLModel, table=True):
    """区. A reference table."""

    __tablename__: ClassVar[str] = "district"
    __table_args__ = (
        Index("district_name", "name", unique=True),
        {"info": {"distribution": None}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    name: str = Field(sa_type=Name)


class School(SQLModel, table=True):
    """学校, in a district. A reference table."""

    __tablename__: ClassVar[str] = "school"
    __table_args__ = (
        Index("school_name", "district", "name", unique=True),
        {"info": {"distribution": None}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    district: str = Field(sa_type=Name)
    name: str = Field(sa_type=Name)


def found_school(session: Session, district: str, school: str) -> School:
    """A school in a district; either is made unless it is there already."""
    there = found_district(session, district)
    same = select(School).where(School.district == there.id, col(School.name) == school)
    return session.exec(same).first() or _made(
        session, School(id=new_id("school"), district=there.id, name=school), same
    )


def hold_school(session: Session, id: str) -> None:
    """Lock the school: what is counted for all of it waits for each other here, after its people."""
    session.execute(select(School.id).where(col(School.id) == id).with_for_update())


def found_district(session: Session, name: str) -> District:
    """The district of this name, made unless it is there already."""
    same = select(District).where(col(District.name) == name)
    return session.exec(same).first() or _made(session, District(id=new_id("district"), name=name), same)


def school_of(session: Session, id: str) -> School:
    """The school of this id, which somebody belongs to."""
    return session.exec(select(School).where(School.id == id)).one()


def district_of(session: Session, id: str) -> District:
    """The district of this id, which a school lies in."""
    return session.exec(select(District).where(District.id == id)).one()


def districts(session: Session) -> list[District]:
    """All districts, by name."""
    return list(session.exec(select(District).order_by(col(District.name))).all())


def schools_named(session: Session) -> dict[tuple[str, str], str]:
    """The id of every school, by the names of its district and its own."""
    found = session.exec(
        select(District.name, School.name, School.id).where(col(School.district) == col(District.id))
    ).all()
    return {(district, school): id for district, school, id in found}


Place = TypeVar("Place", District, School)


def _made(session: Session, place: Place, same: Any) -> Place:
    try:
        with session.begin_nested():
            session.add(place)
        return place
    except IntegrityError:  # somebody else has just made it
        return cast(Place, session.exec(same).one())
