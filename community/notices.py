"""通知: what happened to somebody while looking elsewhere. Told once for each cause, whoever tells it and how often."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final

from msgspec import json
from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, Session, SQLModel, col, delete, select

from community.ids import new_id
from community.words import Sentence, say
from points.store import Question, Statement, Store
from points.tables import Long, Moment, Name, moment_text

NOTICE_KINDS: Final = {
    "award": say("获得积分"),
    "reversal": say("积分收回"),
    "near": say("接近得分条件"),
    "lapsing": say("积分清零"),
    "decision": say("审核与管理"),
    "reply": say("收到回复"),
    "mention": say("提到我"),
    "workshop": say("工作坊"),
}

SENTENCES: Final = {
    "lapsing": say("%(year)s 年余下的 %(points)s 分还有 %(days)s 天清零"),
    "decision": say("《%(title)s》%(decision)s"),
    "reply": say("%(name)s 回复了《%(title)s》"),
    "mention": say("%(name)s 在《%(title)s》中提到了您"),
    "workshop": say("《%(title)s》%(news)s"),
}
"""What a notice says that brings no sentence of its own (`said`). `name` is that of whom it comes from."""

MAILED: Final = frozenset({"reversal", "decision", "lapsing"})
"""Kinds that are mailed to whoever has not said otherwise. On the site all kinds are shown."""


class Notice(SQLModel, table=True):
    """A notice: to whom, of what, where it leads (`address`), and by whom (None: by the rules). `given` is JSON.

    `cause` is what the person is told of: once, ever.
    """

    __tablename__: ClassVar[str] = "notice"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('award', 'reversal', 'near', 'lapsing', 'decision', 'reply', 'mention', 'workshop')",
            name="notice_kind",
        ),
        Index("notice_cause", "person", "cause", unique=True),
        Index(
            "notice_unread", "person",
            postgresql_where=text("read_at IS NULL"), sqlite_where=text("read_at IS NULL"),
        ),
        {"info": {"distribution": "person"}},
    )  # fmt: skip

    person: str = Field(primary_key=True, sa_type=Name)
    id: str = Field(primary_key=True, sa_type=Name)
    kind: str = Field(sa_type=Name)
    address: str = Field(sa_type=Name, sa_column_kwargs={"name": "subject"})
    by: str | None = Field(default=None, sa_type=Name)
    given: str = Field(sa_type=Long)
    cause: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)


class NoticeWish(SQLModel, table=True):
    """That somebody wants a kind of notice some way, or does not, where this differs from what is usual."""

    __tablename__: ClassVar[str] = "notice_wish"
    __table_args__ = (
        CheckConstraint("way IN ('site', 'mail')", name="notice_wish_way"),
        {"info": {"distribution": "person"}},
    )

    person: str = Field(primary_key=True, sa_type=Name)
    kind: str = Field(primary_key=True, sa_type=Name)
    way: str = Field(primary_key=True, sa_type=Name)
    wanted: bool


class NoticeToMail(SQLModel, table=True):
    """That a notice is still to be mailed."""

    __tablename__: ClassVar[str] = "notice_to_mail"
    __table_args__ = ({"info": {"distribution": "person"}},)

    person: str = Field(primary_key=True, sa_type=Name)
    notice: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(sa_type=Moment)


TELL: Final = Statement(
    """
    INSERT INTO notice (person, id, kind, subject, by, given, cause, at, read_at)
    SELECT told.person, told.id, told.kind, told.subject, told.by, told.given, told.cause, told.at,
        CASE WHEN told.seen OR NOT coalesce(wish.wanted, true) THEN told.at END
    FROM ROWS(
        person text, id text, kind text, subject text, by text, given text, cause text, seen boolean, at moment
    ) AS told
    JOIN person ON person.id = told.person AND person.closed_at IS NULL
    LEFT JOIN notice_wish AS wish ON wish.person = told.person AND wish.kind = told.kind AND wish.way = 'site'
    WHERE true ON CONFLICT DO NOTHING
    """
)
WAIT_FOR_MAIL: Final = Statement(
    """
    INSERT INTO notice_to_mail (person, notice, at)
    SELECT told.person, told.id, told.at
    FROM ROWS(person text, id text, kind text, cause text, usual boolean, at moment) AS told
    JOIN person ON person.id = told.person AND person.mail IS NOT NULL AND person.closed_at IS NULL
    LEFT JOIN notice_wish AS wish ON wish.person = told.person AND wish.kind = told.kind AND wish.way = 'mail'
    WHERE coalesce(wish.wanted, told.usual) AND NOT EXISTS (
        SELECT 1 FROM notice WHERE notice.person = told.person AND notice.cause = told.cause AND notice.id <> told.id
    )
    ON CONFLICT DO NOTHING
    """
)
"""Asked beside TELL. Should another tell the same at this moment, what waits then belongs to no notice, and goes."""


@dataclass(frozen=True, slots=True)
class News:
    """What one person is to be told; `seen`: knows it already, it only stands in the list."""

    person: str
    kind: str
    address: str
    by: str | None = None
    cause: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    seen: bool = False


def tell(
    session: Session, kind: str, to: Iterable[str], now: datetime, *, by: str | None, address: str, cause: str = "",
    **given: Any,
) -> None:  # fmt: skip
    """Tell people of something; whoever did it (`by`) is not told.

    `address` is where it leads to (/topics/topic-…#3), `given` what the kind's sentence needs, as words,
    numbers or sentences: a reply or mention needs `title`, a decision `title`, `decision` (a sentence such as
    say("已被关闭")) and maybe `reason`. `said` replaces the kind's sentence. Without a `cause` a person is told once
    of a post, be it a reply, a mention or both, and each time of anything else.
    """
    tell_all(session, [News(person, kind, address, by, cause, given) for person in to if person != by], now)


def tell_all(session: Session, news: Sequence[News], now: datetime) -> None:
    """Tell everybody theirs. People who are none, and causes that were told before, are left out."""
    Store(session).ask(*told(news, now))


def told(news: Sequence[News], now: datetime) -> tuple[Question, Question]:
    """The same, for `Store.ask`, where more is to be asked."""
    at, rows, to_mail = moment_text(now), [], []
    wordings = {id(one.given): wording_of(one.given) for one in {id(one.given): one for one in news}.values()}
    for one in news:
        notice, cause = new_id("notice"), one.cause
        if not cause:
            cause = one.address if one.kind in ("reply", "mention") else new_id("cause")
        given = wordings[id(one.given)]  # thousands are told the same
        rows.append((one.person, notice, one.kind, one.address, one.by, given, cause, one.seen, at))
        if not one.seen:
            to_mail.append((one.person, notice, one.kind, cause, one.kind in MAILED, at))
    return Question(TELL, rows), Question(WAIT_FOR_MAIL, to_mail)


def take_back(session: Session, person: str, cause: str) -> None:
    """Have somebody (an id) not be told any more what has come to nothing; what was mailed already stays mailed."""
    its = col(Notice.person) == person, col(Notice.cause) == cause
    told_by = select(Notice.id).where(*its)
    session.execute(
        delete(NoticeToMail).where(col(NoticeToMail.person) == person, col(NoticeToMail.notice).in_(told_by))
    )
    session.execute(delete(Notice).where(*its))


def sentence_of(notice: Notice, name: str = "") -> Sentence:
    """What a notice says; `name` is that of whom it comes from. What was not given is left empty."""
    given = given_of(notice)
    said = given.get("said")
    if isinstance(said, Sentence):
        return said
    pattern = SENTENCES[notice.kind].pattern
    return Sentence(pattern, {**dict.fromkeys(re.findall(r"%\((\w+)\)s", pattern), ""), **given, "name": name})


def given_of(notice: Notice) -> dict[str, Any]:
    """What a notice was given to say, sentences among it."""
    return {name: _read(value) for name, value in json.decode(notice.given).items()}


def wording_of(given: dict[str, Any]) -> str:
    """What a notice is given to say, as it is kept."""
    return json.encode({name: _sayable(value) for name, value in given.items()}, order="sorted").decode()


def _sayable(value: Any) -> Any:
    if not isinstance(value, Sentence):
        return value
    return {"pattern": value.pattern, "given": {name: _sayable(one) for name, one in value.given.items()}}


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Sentence(value["pattern"], {name: _read(one) for name, one in value["given"].items()})
