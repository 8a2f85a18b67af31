"""The log of what staff did to whom, and why: written once, never changed, read by those concerned."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from msgspec import json
from sqlalchemy import ColumnElement, Index
from sqlmodel import Field, Session, SQLModel, col, select

from community.ids import new_id
from community.people import Person
from community.roles import NAMES
from community.words import Sentence, say
from points.tables import Long, Moment, Name

ACTIONS: Final = {
    "remove": say("移除"),
    "restore": say("恢复"),
    "keep": say("举报不成立，保留"),
    "approve": say("审核通过"),
    "decline": say("审核未通过"),
    "apart": say("近似资源：不是重复"),
    "double": say("近似资源：是重复"),
    "reopen_double": say("近似资源：重新审核"),
    "silence": say("禁言"),
    "suspend": say("停用账号"),
    "lift": say("提前解除"),
    "revoke": say("撤销积分"),
    "cancel_redemption": say("取消兑换"),
    "grant_appeal": say("申诉成立"),
    "decline_appeal": say("申诉未成立"),
    "answer_appeal": say("申诉已答复"),
    "add_word": say("添加送审词"),
    "drop_word": say("删除送审词"),
    "rename": say("更改姓名"),
    "found": say("批准创立工作坊"),
    "give_back": say("退回工作坊申请"),
    "feature": say("在首页置顶工作坊"),
    "end_feature": say("结束置顶"),
}


ABOUT: Final = {
    "silence": ("until", say("至 %(until)s")),
    "suspend": ("until", say("至 %(until)s")),
    "cancel_redemption": ("hours", say("兑换 %(hours)s 学时")),
}
"""What is said instead of a title; the row's title is what is put in."""
NAMED: Final = frozenset({"grant_appeal", "decline_appeal", "answer_appeal", "decline"})
"""Their title is the name of an entry's rule, or of what a text would have become."""
GROUNDS: Final = {
    "advert": say("广告或推销"),
    "unrelated": say("与教研无关"),
    "privacy": say("泄露个人信息"),
    "insult": say("侮辱或攻击他人"),
    "copyright": say("侵犯版权"),
    "illegal": say("违反法律法规"),
    "repeated": say("重复或刷分"),
    "unearned": say("不符合得分条件"),
    "mistake": say("更正误判"),
    "own_request": say("本人申请"),
    "wrong_redemption": say("兑换有误"),
    "other": say("其他"),
}
"""Kinds of reasons; words always come with them."""
GROUNDS_OF: Final = {
    "remove": ("advert", "unrelated", "privacy", "insult", "copyright", "illegal", "repeated", "other"),
    "restore": ("mistake", "other"),
    "revoke": ("repeated", "copyright", "unearned", "other"),
    "cancel_redemption": ("own_request", "wrong_redemption", "other"),
}
"""By which of them a measure is taken."""


class StaffAction(SQLModel, table=True):
    """One action of staff. `person` is who is concerned, `facts` the ledger's facts that came of it (JSON).

    `ground` is the kind of the reason (of GROUNDS), `reason` the words.

    Append-only: triggers refuse every change.
    """

    __tablename__: ClassVar[str] = "staff_action"
    __table_args__ = (
        Index("staff_action_person", "person", "at"),
        Index("staff_action_district", "district", "at"),
        Index("staff_action_at", "at"),
        {"info": {"distribution": "id"}},
    )

    id: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    by: str = Field(sa_type=Name)
    role: str = Field(sa_type=Name)
    action: str = Field(sa_type=Name)
    subject: str | None = Field(default=None, sa_type=Name)
    title: str = Field(default="", sa_type=Name)
    person: str | None = Field(default=None, sa_type=Name)
    district: str | None = Field(default=None, sa_type=Name)
    ground: str = Field(default="", sa_type=Name)
    reason: str = Field(default="", sa_type=Long)
    facts: str = Field(default="[]", sa_type=Long)

    @property
    def name(self) -> Sentence:
        """What was done, as people call it."""
        return ACTIONS[self.action]

    @property
    def why(self) -> Sentence | None:
        """The kind of the reason; None without one."""
        return GROUNDS.get(self.ground)

    @property
    def about(self) -> str:
        """What it was done to: a title as somebody typed it, or a sentence."""
        if self.action in ABOUT:
            place, sentence = ABOUT[self.action]
            return Sentence(sentence.pattern, {place: self.title})
        return Sentence(self.title, {}) if self.action in NAMED else self.title

    @property
    def role_name(self) -> Sentence:
        """As what they acted."""
        return NAMES[self.role]


def role_then(session: Session, by: str, at: datetime) -> str:
    """In which role somebody acted at that moment, whatever they are by now; the present one where no log says it."""
    logged = select(StaffAction.role).where(col(StaffAction.by) == by, col(StaffAction.at) == at).limit(1)
    present = select(Person.role).where(col(Person.id) == by)
    return session.exec(logged).first() or session.exec(present).one()


def is_removal_of(thing: Any, at: Any) -> ColumnElement[bool]:
    """Whether staff removed this thing at this moment, for statements: a removal itself does not say on what ground."""
    action = col(StaffAction.action) == "remove"
    return action & (col(StaffAction.subject) == thing) & (col(StaffAction.at) == at)


def note(
    session: Session, staff: Person, action: str, now: datetime, *, ground: str = "", reason: str = "",
    subject: str | None = None, title: str = "", person: str | None = None, district: str | None = None,
    facts: Sequence[str] = (),
) -> StaffAction:  # fmt: skip
    """Write down what staff did; in the same transaction as the act. Of a title of ABOUT, what is put in is kept."""
    if isinstance(title, Sentence) and title.given:
        title = str(next(iter(title.given.values())))
    row = StaffAction(
        id=new_id("action"), at=now, by=staff.id, role=staff.role, action=action, subject=subject, title=title[:200],
        person=person, district=district, ground=ground, reason=reason, facts=json.encode(list(facts)).decode(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
