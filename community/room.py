"""Room: how much a person and a school may keep for resources, and how much of it is used.

An upload is reserved before its first byte comes, so that quotas hold however many come at once. What was shared is
kept: former versions, and what was withdrawn or removed, use room as well.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import BigInteger, cast, insert
from sqlmodel import Session, col, func, select

from community.ids import new_id
from community.people import Person, hold_person
from community.refusals import TooFast, WrongInput
from community.schools import hold_school
from community.shelf import arriving
from community.uploads import Upload, name_of
from community.words import Sentence, say

RESERVED: Final = timedelta(hours=6)
"""How long the disk keeps room for what has not come: whoever reserves and never sends shuts nobody out for longer."""
FULL: Final = say("您的文件空间已满，放不下这个文件；请联系管理员，或者分享链接。")
NO_DISK: Final = say("服务器的空间不够了，暂时不能上传；请联系管理员，或者分享链接。")
ON_THE_WAY: Final = 20
"""Uploads that one person may have on the way at once."""
MEGABYTE: Final = 1024 * 1024
BYTES: Final = cast(func.coalesce(func.sum(col(Upload.bytes)), 0), BigInteger)
"""The bytes of all these uploads, for statements; PostgreSQL's own sum would be no whole number."""


@dataclass(frozen=True, slots=True)
class Room:
    """How large a file may be, and how much a person and a school may keep; what stays free on the disk. Bytes."""

    file: int
    person: int
    school: int
    floor: int


@dataclass(frozen=True, slots=True)
class Taken:
    """How much of somebody's room is used, what is on its way included, and how much it is. Bytes."""

    used: int
    most: int

    @property
    def left(self) -> int:
        """What may still come; nothing where more is kept than a setting allows that was lowered since."""
        return max(0, self.most - self.used)

    @property
    def is_scarce(self) -> bool:
        """Whether more than nine tenths are used."""
        return 10 * self.used > 9 * self.most


def too_large(room: Room) -> Sentence:
    """What is said of a file that is larger than any may be."""
    return say("文件超过 %(most)s MB，请压缩后再上传，或者分享链接。", most=room.file // MEGABYTE)


def taken_by(session: Session, owner: Person, room: Room) -> Taken:
    """How much a person uses."""
    return Taken(_bytes(session, col(Upload.owner) == owner.id), room.person)


def taken_by_school(session: Session, school: str, room: Room) -> Taken:
    """How much the people of a school use together."""
    return Taken(_bytes(session, col(Upload.school) == school), room.school)


def begin_upload(session: Session, owner: Person, name: str, size: int, room: Room, folder: Path, now: datetime) -> str:
    """Reserve room for a file of this size; the id of the upload. Raises WrongInput, TooFast."""
    _demand_room(session, owner, size, room, folder, now)
    id = new_id("upload")
    session.execute(
        insert(Upload).values(
            id=id, owner=owner.id, school=owner.school, name=name_of(name), kind="", bytes=size, traits="",
            began_at=now, thumb=False,
        )
    )  # fmt: skip
    return id


def _demand_room(
    session: Session, owner: Person, size: int, room: Room, folder: Path, now: datetime
) -> None:  # fmt: skip
    if size < 1:
        raise WrongInput(files=say("这个文件是空的，请重新选择。"))
    if size > room.file:
        raise WrongInput(files=too_large(room))
    # Who reserves at once waits: first for oneself, then for the school.
    hold_person(session, owner.id)
    hold_school(session, owner.school)
    on_the_way = select(func.count()).where(col(Upload.owner) == owner.id, col(Upload.arrived_at).is_(None))
    if session.execute(on_the_way).scalar_one() >= ON_THE_WAY:
        raise TooFast(say("您同时上传的文件太多，请等前面的传完。"))
    if size > taken_by(session, owner, room).left:
        raise WrongInput(files=FULL)
    if size > taken_by_school(session, owner.school, room).left:
        raise WrongInput(files=say("学校的文件空间已满，请联系学校管理员。"))
    _demand_disk(session, size, room, folder, now)


def _demand_disk(session: Session, size: int, room: Room, folder: Path, now: datetime) -> None:
    """What others have reserved lately and not yet sent needs its room, too."""
    reserved = _bytes(session, col(Upload.arrived_at).is_(None), col(Upload.began_at) > now - RESERVED)
    arriving(folder).mkdir(parents=True, exist_ok=True)
    if reserved + size + room.floor > shutil.disk_usage(arriving(folder)).free:
        raise WrongInput(files=NO_DISK)


def _bytes(session: Session, *of: Any) -> int:
    return session.execute(select(BYTES).where(*of)).scalar_one()
