"""Review: a text with a word of the list, or a content that staff removed, is looked at by staff before others see it.

Nothing is ever dropped in silence.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar, Final

from msgspec import json
from sqlalchemy import CheckConstraint, ColumnElement, Index, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from community.forecasts import Changed
from community.ids import new_id
from community.notices import tell
from community.pace import demand_pace
from community.people import Person, hold_person
from community.refusals import NotAllowed, NotThere, Refusal, WrongInput
from community.resource_texts import RESOURCE_TEXTS
from community.restrictions import demand_voice, restriction_of, to_the_minute, voice_asked
from community.roles import demand
from community.staff import demand_district, within
from community.staff_log import note
from community.text_kinds import Fields, TextKind, Written
from community.topic_texts import TOPIC_TEXTS
from community.topics import take_turn
from community.upload_uses import is_used
from community.uploads import Upload
from community.word_list import WORDS, words_in
from community.words import Sentence, say
from community.working_days import due
from points.ledger import Refused
from points.store import Question, Store
from points.tables import Long, Moment, Name

WORKING_DAYS: Final = 3
A_MINUTE: Final = 10
"""Texts that one person may send to review within a minute."""
HELD: Final = say("已送审：内容需要先由教研员看一看，审核后即发布。您可以在这里修改或撤回。")
"""What an author is told whose text waits."""
TEXTS: Final[dict[str, TextKind]] = TOPIC_TEXTS | RESOURCE_TEXTS
"""What can be written, by its kind; floors above add theirs."""
VERDICTS: Final = {
    "approved": say("已通过，已发布"),
    "declined": say("未通过"),
    "withdrawn": say("您已撤回"),
    "cleared": say("修改后已发布"),
}


Found = str | dict[str, str]
"""Why a text waits: a word of the list, or (`removed`) a resource that staff removed."""


class HeldText(SQLModel, table=True):
    """A text that waits for review: what it would become (`kind`), its fields, and why (`found`), as JSON.

    `verdict` is None while it waits; `published` the address that it then has.
    """

    __tablename__: ClassVar[str] = "held_text"
    __table_args__ = (
        CheckConstraint("verdict IN ('approved', 'declined', 'withdrawn', 'cleared')", name="held_text_verdict"),
        CheckConstraint(
            "(verdict IS NULL) = (decided_by IS NULL) AND (verdict IS NULL) = (decided_at IS NULL)",
            name="held_text_decided",
        ),
        Index(
            "held_text_waiting", "district", "due_at",
            postgresql_where=text("verdict IS NULL"), sqlite_where=text("verdict IS NULL"),
        ),
        Index("held_text_of", "author", "at"),
        {"info": {"distribution": "id"}},
    )  # fmt: skip

    id: str = Field(primary_key=True, sa_type=Name)
    author: str = Field(sa_type=Name)
    kind: str = Field(sa_type=Name)
    place: str = Field(sa_type=Name)
    title: str = Field(sa_type=Name)
    district: str = Field(sa_type=Name)
    fields: str = Field(sa_type=Long)
    found: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = Field(default=None, sa_type=Name)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    verdict: str | None = Field(default=None, sa_type=Name)
    reason: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})
    published: str = Field(default="", sa_type=Name, sa_column_kwargs={"server_default": ""})

    @property
    def said(self) -> dict[str, Any]:
        """The fields as they were typed."""
        return json.decode(self.fields, type=dict[str, Any])

    @property
    def digest(self) -> str:
        """Of the fields: by it a form says what its page showed."""
        return sha256(self.fields.encode()).hexdigest()

    @property
    def words(self) -> list[str]:
        """The words of the list that were found."""
        return [one for one in self._found if isinstance(one, str)]

    @property
    def removed(self) -> list[str]:
        """The resources with the same content that staff removed."""
        return [one["removed"] for one in self._found if not isinstance(one, str)]

    @property
    def of(self) -> TextKind:
        """What it would become."""
        return TEXTS[self.kind]

    @property
    def name(self) -> Sentence:
        """The same, as people call it."""
        return self.of.name

    @property
    def state(self) -> Sentence:
        """How it stands."""
        return VERDICTS[self.verdict] if self.verdict else say("送审中")

    @property
    def _found(self) -> list[Found]:
        return json.decode(self.found, type=list[Found])


class Decided(Refusal):
    """It has been decided already."""


def write(session: Session, author: Person, kind: str, place: str, fields: Fields, now: datetime) -> Written:
    """Publish a text (`kind`, of TEXTS) at a place (a thing's id; empty for a new thing), or hold it for review.

    Raises NotAllowed for who is silenced, and what the publishing verb raises.
    """
    of = TEXTS[kind]
    _demand_free(session, author, fields)
    found = _looked_through(session, author, of, fields, now)
    if not found:
        return of.publish(session, author, place, fields, now)
    hold_person(session, author.id)
    title, district = of.where(session, author, place, fields, now)
    told = say("发得太快了，请稍等一分钟再发；已填写的内容都在。")
    own = col(HeldText.author) == author.id
    demand_pace(session, col(HeldText.at), now - timedelta(minutes=1), A_MINUTE, told, own)
    held = HeldText(
        id=new_id("held"), author=author.id, kind=kind, place=place, title=title, district=district,
        fields=json.encode(dict(fields)).decode(), found=json.encode(found).decode(), at=now,
        due_at=due(now, WORKING_DAYS),
    )  # fmt: skip
    session.add(held)
    session.flush()
    return Written(f"/me/held/{held.id}", [], True)


def rewrite(session: Session, author: Person, id: str, fields: Fields, now: datetime) -> Written:
    """Change one's own held text; without a word of the list it is published at once. Raises NotThere, Decided."""
    held = held_by(session, author, id)
    whole = held.said | dict(fields)
    found = _looked_through(session, author, held.of, whole, now)
    if not found:
        # What cannot be published waits as it did.
        with session.begin_nested():
            _decide(session, held.id, author, "cleared", "", now)
            written = held.of.publish(session, author, held.place, whole, now)
            _published(session, held.id, written)
        return written
    changed = session.execute(
        update(HeldText)
        .where(col(HeldText.id) == id, col(HeldText.verdict).is_(None))
        .values(
            fields=json.encode(whole).decode(), found=json.encode(found).decode(),
            title=(held.title if held.place else whole["title"])[:200],
        )
    ).rowcount  # type: ignore[attr-defined]  # fmt: skip
    if not changed:
        raise Decided(DECIDED)
    return Written(f"/me/held/{id}", [], True)


def withdraw_held(session: Session, author: Person, id: str, now: datetime) -> None:
    """Take one's own held text back. Raises NotThere, Decided."""
    _decide(session, held_by(session, author, id).id, author, "withdrawn", "", now)


def held_by(session: Session, author: Person, id: str) -> HeldText:
    """One's own held text. Raises NotThere."""
    found = session.exec(
        select(HeldText).where(col(HeldText.id) == id, col(HeldText.author) == author.id)
    ).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这篇送审的内容。"))
    return found


def all_held_by(session: Session, author: Person) -> list[HeldText]:
    """One's own held texts, the latest 100, waiting or decided."""
    mine = select(HeldText).where(col(HeldText.author) == author.id)
    return list(session.exec(mine.order_by(col(HeldText.id).desc()).limit(100)))


def uploads_held(session: Session, *of: ColumnElement[bool]) -> set[str]:
    """The uploads of what waits (of those held texts): they are in no resource yet, and still needed."""
    fields = session.exec(select(HeldText.fields).where(col(HeldText.verdict).is_(None), *of))
    return {upload for one in fields for upload in json.decode(one, type=dict[str, Any]).get("uploads", ())}


def texts_waiting(session: Session, staff: Person) -> list[tuple[HeldText, Person]]:
    """What waits where the staff looks after, the most urgent first. Raises NotAllowed."""
    demand(staff, "moderate")
    rows = session.exec(
        select(HeldText, Person)
        .where(
            col(HeldText.verdict).is_(None),
            col(Person.id) == col(HeldText.author),
            *within(staff, col(HeldText.district)),
        )
        .order_by(col(HeldText.due_at), col(HeldText.id))
        .limit(200)
    ).all()
    return [(held, who) for held, who in rows]


def held_for(session: Session, staff: Person, id: str, *, hold: bool = False) -> tuple[HeldText, Person]:
    """A held text and its author, if it lies where the staff looks after; to `hold` it locks it.

    Raises NotThere, NotAllowed.
    """
    demand(staff, "moderate")
    asked = select(HeldText, Person).where(col(HeldText.id) == id, col(Person.id) == col(HeldText.author))
    if hold:
        # What the page looked up before may have been changed before it was locked.
        asked = asked.with_for_update(of=HeldText).execution_options(populate_existing=True)
    found = session.exec(asked).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这篇送审的内容。"))
    demand_district(staff, found[0].district)
    return found[0], found[1]


def approve(session: Session, staff: Person, id: str, shown: str, now: datetime) -> Written:
    """Publish a held text, whose `digest` was shown, as its author's, at this moment.

    Raises NotThere, NotAllowed, Decided, WrongInput, Changed once its author has rewritten it.
    """
    held, author = _to_decide(session, staff, id, shown)
    for kind, why in BARRED.items():
        found = restriction_of(session, author.id, kind, now)
        if found is not None:
            raise WrongInput(form=Sentence(why.pattern, {"until": to_the_minute(found.until)}))
    try:
        with session.begin_nested():
            _decide(session, id, staff, "approved", "", now)
            written = held.of.publish(session, author, held.place, held.said, now)
    except Decided:
        raise
    except (Refusal, Refused) as refused:
        raise WrongInput(form=say("现在不能发布：%(why)s 可以不予通过，并向作者说明。", why=refused.args[0])) from None
    _published(session, id, written)
    _tell(session, staff, "approve", held, say("审核通过，已发布"), written.address, "", now)
    return written


def decline(session: Session, staff: Person, id: str, shown: str, reason: str, now: datetime) -> None:
    """Leave a held text unpublished, and tell its author why. Raises NotThere, NotAllowed, Decided, Changed."""
    held, _ = _to_decide(session, staff, id, shown)
    _decide(session, id, staff, "declined", reason, now)
    _tell(session, staff, "decline", held, say("审核未通过"), f"/me/held/{id}", reason, now)


BARRED: Final = {
    "silence": say("作者被禁言至 %(until)s，到时才能发布。"),
    "suspension": say("作者的账号停用至 %(until)s，到时才能发布。"),
}
DECIDED: Final = say("这篇内容已经处理过了，请刷新查看结果。")


def _looked_through(session: Session, author: Person, of: TextKind, fields: Fields, now: datetime) -> list[Found]:
    """The words of the list that a text holds, and what staff removed of it. Raises NotAllowed for who is silenced."""
    silence, words = Store(session).ask(voice_asked(author, now), Question(WORDS))
    demand_voice(silence)
    said = words_in(of.looked_through(session, fields), words) if words else []
    return [*said, *({"removed": resource} for resource in of.removed(session, author, fields))]


def _demand_free(session: Session, author: Person, fields: Fields) -> None:
    """Raise WrongInput for uploads of what waits already; what the author sends meanwhile waits here."""
    uploads = {*fields.get("uploads", ())}
    if not uploads:
        return
    take_turn(session, author)
    waiting = uploads & uploads_held(session, col(HeldText.author) == author.id)
    # A version that waits names the present files, too; those are for their resource to have.
    unused = select(Upload.id).where(col(Upload.id).in_(waiting), ~is_used(col(Upload.id)))
    if session.exec(unused.limit(1)).first() is not None:
        raise WrongInput(files=say("有文件在您送审的内容里，还在等待审核；请去掉它再发布，或者先撤回送审的内容。"))


def _to_decide(session: Session, staff: Person, id: str, shown: str) -> tuple[HeldText, Person]:
    held, author = held_for(session, staff, id, hold=True)
    if author.id == staff.id:
        raise NotAllowed(say("不能处理自己，请由另一位同事处理。"))
    if held.verdict is None and held.digest != shown:
        raise Changed(say("作者刚刚修改了内容，还没有处理。下面是现在的内容，请看过再决定。"))
    return held, author


def _decide(session: Session, id: str, by: Person, verdict: str, reason: str, now: datetime) -> None:
    decided = session.execute(
        update(HeldText)
        .where(col(HeldText.id) == id, col(HeldText.verdict).is_(None))
        .values(verdict=verdict, decided_by=by.id, decided_at=now, reason=reason)
    ).rowcount  # type: ignore[attr-defined]
    if not decided:
        raise Decided(DECIDED)


def _published(session: Session, id: str, written: Written) -> None:
    session.execute(update(HeldText).where(col(HeldText.id) == id).values(published=written.address))


def _tell(
    session: Session, staff: Person, action: str, held: HeldText, decision: Sentence, address: str, reason: str,
    now: datetime,
) -> None:  # fmt: skip
    # The log keeps what it says: of a text that nobody was shown, only what it would have become.
    title = held.title if action == "approve" else held.name
    note(
        session, staff, action, now, reason=reason, subject=held.id, title=title, person=held.author,
        district=held.district,
    )  # fmt: skip
    tell(
        session, "decision", [held.author], now, by=staff.id, address=address, title=held.title, decision=decision,
        reason=reason,
    )  # fmt: skip
