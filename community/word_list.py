"""The word list: what is written with one of these words is read by staff before others see it."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Final

from sqlmodel import Field, Session, SQLModel, col, delete, select

from community.names import BLANKS
from community.people import Person
from community.refusals import NotAllowed, WrongInput
from community.roles import demand, keeps_words
from community.staff_log import note
from community.words import say
from points.store import Question, Row, Statement, Store
from points.tables import Moment, Name, moment_text


class WatchedWord(SQLModel, table=True):
    """A word in the form in which texts are searched for it (`plain`), and as it was typed. A reference table."""

    __tablename__: ClassVar[str] = "watched_word"
    __table_args__ = ({"info": {"distribution": None}},)

    plain: str = Field(primary_key=True, sa_type=Name)
    word: str = Field(sa_type=Name)
    by: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)


WORDS: Final = Statement("SELECT plain, word FROM watched_word")
ADD: Final = Statement(
    """
    INSERT INTO watched_word (plain, word, by, at) SELECT plain, word, by, at
    FROM ROWS(plain text, word text, by text, at moment) AS given WHERE true ON CONFLICT (plain) DO NOTHING
    RETURNING plain
    """
)


def words_in(texts: Iterable[str], words: Iterable[Row]) -> list[str]:
    """Those of the words that the texts hold, however they are spaced, cased or written in full width."""
    # A word does not reach from one text into the next.
    text = "\n".join(map(plain_of, texts))
    return sorted(word for plain, word in words if plain in text)


def plain_of(text: str) -> str:
    """A text as it is searched: letters and digits in one width and case, without what cannot be seen."""
    # Taken apart at last, so that marks over letters can be dropped.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return BLANKS.sub("", "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN"))


def all_words(session: Session) -> list[WatchedWord]:
    """The list, by word."""
    return list(session.exec(select(WatchedWord).order_by(col(WatchedWord.plain))))


def demand_words(person: Person) -> None:
    """Raise NotAllowed unless the person keeps the list."""
    demand(person, "moderate")
    if not keeps_words(person):
        raise NotAllowed(say("送审词由教育局和负责全市的教研员维护。"))


def add_word(session: Session, staff: Person, word: str, now: datetime) -> None:
    """One more word. Raises NotAllowed, WrongInput for what is empty or there already."""
    demand_words(staff)
    plain = plain_of(word)
    if len(plain) < 2:
        raise WrongInput(word=say("至少两个字，否则几乎每篇都会送审。"))
    if not Store(session).ask(Question(ADD, [(plain, word, staff.id, moment_text(now))]))[0]:
        raise WrongInput(word=say("这个词已经在列表里。"))
    note(session, staff, "add_word", now, title=word)


def drop_word(session: Session, staff: Person, plain: str, now: datetime) -> str:
    """One word less, as it was typed; dropping it twice is fine, and empty. Raises NotAllowed."""
    demand_words(staff)
    dropped = delete(WatchedWord).where(col(WatchedWord.plain) == plain).returning(col(WatchedWord.word))
    word = session.execute(dropped).scalar_one_or_none()
    if word is not None:
        note(session, staff, "drop_word", now, title=word)
    return word or ""
