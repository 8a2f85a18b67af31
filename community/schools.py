"""Districts and their schools, and what is taught there."""

from typing import ClassVar, Final

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
    __table_args__ = ({"info": {"distribution": None}},)

    id: str = Field(primary_key=True, sa_type=Name)
    name: str = Field(sa_type=Name)


class School(SQLModel, table=True):
    """学校, in a district. A reference table."""

    __tablename__: ClassVar[str] = "school"
    __table_args__ = ({"info": {"distribution": None}},)

    id: str = Field(primary_key=True, sa_type=Name)
    district: str = Field(sa_type=Name, index=True)
    name: str = Field(sa_type=Name)


def found_school(session: Session, district: str, school: str) -> School:
    """A school in a district; either is made unless it is there already."""
    there = session.exec(select(District).where(col(District.name) == district)).first()
    if there is None:
        there = District(id=new_id("district"), name=district)
        session.add(there)
        session.flush()
    found = session.exec(select(School).where(School.district == there.id, col(School.name) == school)).first()
    if found is None:
        found = School(id=new_id("school"), district=there.id, name=school)
        session.add(found)
        session.flush()
    return found


def districts(session: Session) -> list[District]:
    """All districts, by name."""
    return list(session.exec(select(District).order_by(col(District.name))))


def school_of(session: Session, id: str) -> School:
    """The school of this id, which somebody belongs to."""
    return session.exec(select(School).where(School.id == id)).one()
