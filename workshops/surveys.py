"""问卷: the questions of a survey, and what participants answer."""

from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Integer
from sqlmodel import Field, Session, SQLModel, col, func, select

from community.words import say
from points.tables import Long, Moment, Name

QUESTION_KINDS: Final = {"one": say("单选"), "many": say("多选"), "text": say("填空")}


class Question(SQLModel, table=True):
    """A question of a survey, by its number; `choices`, a line each, unless it is answered in words."""

    __tablename__: ClassVar[str] = "survey_question"
    __table_args__ = (
        ForeignKeyConstraint(["activity"], ["activity.id"], name="survey_question_activity"),
        CheckConstraint("kind IN ('one', 'many', 'text')", name="survey_question_kind"),
        CheckConstraint("(kind = 'text') = (choices = '')", name="survey_question_choices"),
        {"info": {"distribution": "activity"}},
    )

    activity: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    kind: str = Field(sa_type=Name)
    text: str = Field(sa_type=Long)
    choices: str = Field(default="", sa_type=Long, sa_column_kwargs={"server_default": ""})


class Answer(SQLModel, table=True):
    """What somebody answered to a question: the numbers of choices (from 1, JSON), or words (a JSON text)."""

    __tablename__: ClassVar[str] = "survey_answer"
    __table_args__ = (
        ForeignKeyConstraint(["activity"], ["activity.id"], name="survey_answer_activity"),
        {"info": {"distribution": "activity"}},
    )

    activity: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_type=Integer)
    answer: str = Field(sa_type=Long)
    at: datetime = Field(sa_type=Moment)


def count_questions(session: Session, activity: str) -> int:
    """How many questions a survey has: without any it does not begin."""
    return session.execute(select(func.count()).where(col(Question.activity) == activity)).scalar_one()
