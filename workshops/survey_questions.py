"""Questions of a survey: set by its host, until somebody has answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, delete, insert, select, update

from community.people import Person
from community.refusals import NotThere, WrongInput
from community.topics import take_turn
from community.words import say
from workshops.activities import Held, hold_standing_activity
from workshops.numbering import next_number
from workshops.surveys import QUESTION_KINDS, Answer, Question, count_questions
from workshops.workshops import WrongState, demand_host, hold_open_workshop

MOST: Final = 20
MOST_CHOICES: Final = 9
"""So that all that can be ticked stays fewer than a form may hold."""
LONGEST: Final = 200
LONGEST_CHOICE: Final = 60


def set_question(
    session: Session, host: Person, activity: str, now: datetime, *, kind: str, text: str, choices: Sequence[str] = (),
    number: int = 0,
) -> int:  # fmt: skip
    """A further question of one's own survey (`number` 0), or one of them anew; its number.

    Raises NotThere, NotAllowed, WrongState, WrongInput.
    """
    take_turn(session, host)
    held = hold_own_survey(session, host, activity)
    offered = choices_of(kind, choices)
    demand_unanswered(session, held)
    said = {"kind": kind, "text": text, "choices": "\n".join(offered)}
    if number:
        place = (col(Question.activity) == activity, col(Question.number) == number)
        if not session.execute(update(Question).where(*place).values(said)).rowcount:  # type: ignore[attr-defined]
            raise no_question()
        return number
    if count_questions(session, activity) >= MOST:
        raise WrongInput(form=say("一份问卷最多 %(most)s 题。", most=MOST))
    number = next_number(session, col(Question.number), col(Question.activity) == activity)
    session.execute(insert(Question).values(activity=activity, number=number, **said))
    return number


def drop_question(session: Session, host: Person, activity: str, number: int) -> None:
    """Take a question back; the last one not while the survey goes on. Raises NotThere, NotAllowed, WrongState."""
    held = hold_own_survey(session, host, activity)
    demand_unanswered(session, held)
    if held.phase == "open" and count_questions(session, activity) == 1:
        raise WrongState(say("问卷正在进行，至少要留一道题。"))
    place = (col(Question.activity) == activity, col(Question.number) == number)
    if not session.execute(delete(Question).where(*place)).rowcount:  # type: ignore[attr-defined]
        raise no_question()


def questions_of(session: Session, activity: str) -> list[Question]:
    """The questions, in the order in which they were set."""
    return [*session.exec(select(Question).where(col(Question.activity) == activity).order_by(col(Question.number)))]


def question_of(session: Session, activity: str, number: int) -> Question:
    """One of them. Raises NotThere."""
    for one in questions_of(session, activity):
        if one.number == number:
            return one
    raise no_question()


def is_answered(session: Session, activity: str) -> bool:
    """Whether somebody has answered: what was asked then stands."""
    return session.execute(select(Answer.person).where(col(Answer.activity) == activity).limit(1)).first() is not None


def hold_own_survey(session: Session, host: Person, activity: str) -> Held:
    """Lock one's own survey, in a workshop that goes on. Raises NotThere, NotAllowed, WrongState."""
    held = hold_standing_activity(session, activity)
    demand_host(host, held.workshop.host)
    hold_open_workshop(session, held.workshop.id)
    if held.kind != "survey":
        raise WrongState(say("只有问卷可以出题。"))
    return held


def demand_unanswered(session: Session, held: Held) -> None:
    """Raise WrongState once somebody has answered, or it is over."""
    if held.phase == "closed":
        raise WrongState(say("活动已经结束。"))
    if is_answered(session, held.id):
        raise WrongState(say("已经有人作答，题目不能再改。"))


def choices_of(kind: str, typed: Sequence[str]) -> list[str]:
    """What is offered to choose from, as it is kept; nothing for words. Raises WrongInput."""
    if kind not in QUESTION_KINDS:
        raise WrongInput(kind=say("请从列表中选择。"))
    if kind == "text":
        return []
    choices = list(dict.fromkeys(line for one in typed if (line := " ".join(one.split()))))
    if not 2 <= len(choices) <= MOST_CHOICES:
        raise WrongInput(choices=say("请写 2 到 %(most)s 个不同的选项，每行一个。", most=MOST_CHOICES))
    if any(len(one) > LONGEST_CHOICE for one in choices):
        raise WrongInput(choices=say("每个选项最多 %(longest)s 个字。", longest=LONGEST_CHOICE))
    return choices


def no_question() -> NotThere:
    """That there is no such question."""
    return NotThere(say("没有找到这道题。"))
