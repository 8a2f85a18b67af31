"""Answers to a survey: given once, changeable while it goes on; answering is taking part."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec import json
from sqlmodel import Session, col, delete, func, insert, select

from community.people import Person
from community.refusals import WrongInput
from community.topics import take_turn
from community.words import say
from points.ledger import Gain
from workshops.activities import Held, hold_standing_activity
from workshops.attendance import attend
from workshops.members import demand_member
from workshops.phases import demand_open
from workshops.survey_questions import questions_of
from workshops.surveys import Answer, Question
from workshops.workshops import WrongState

LONGEST: Final = 500
"""Characters of an answer in words."""
SHOWN: Final = 200
"""Answers in words that a page of results lists."""
LINE: Final = re.compile(r"(\d{1,4})[：:](.*)")

Given = Mapping[str, Sequence[int]]
"""What was chosen: numbers of choices, from 1, by the number of the question."""


@dataclass(frozen=True, slots=True)
class Result:
    """A question, how often each choice was taken, and what was answered in words: without names."""

    question: Question
    choices: Sequence[tuple[str, int]]
    words: Sequence[str]


def answer(
    session: Session, person: Person, activity: str, given: Given, text: str, now: datetime
) -> list[Gain]:  # fmt: skip
    """Answer a survey that goes on, or anew; `text` has a line for each answer in words: 3：words.

    What taking part brought. Raises NotThere, NotAllowed, WrongState, WrongInput, points.ledger.Refused.
    """
    take_turn(session, person)
    held = hold_survey(session, person, activity, now)
    questions = questions_of(session, activity)
    answers = answers_to(questions, given, words_in(text))
    gains = attend(session, held, person.id, "answers", person, now)
    session.execute(delete(Answer).where(col(Answer.activity) == activity, col(Answer.person) == person.id))
    session.execute(
        insert(Answer),
        [
            {
                "activity": activity,
                "person": person.id,
                "number": number,
                "answer": json.encode(one).decode(),
                "at": now,
            }
            for number, one in answers.items()
        ],
    )
    return gains


def hold_survey(session: Session, person: Person, activity: str, now: datetime) -> Held:
    """Lock a survey that the person may answer now. Raises NotThere, NotAllowed, WrongState."""
    held = hold_standing_activity(session, activity)
    if held.kind != "survey":
        raise WrongState(say("只有问卷可以作答。"))
    demand_member(session, held.workshop, person)
    demand_open(held, now)
    return held


def answers_to(
    questions: Sequence[Question], given: Given, words: Mapping[int, str]
) -> dict[int, Sequence[int] | str]:  # fmt: skip
    """The answers by the numbers of their questions, as they are kept. Raises WrongInput, by q and the number."""
    wrong, found = dict[str, str](), dict[int, Sequence[int] | str]()
    for one in questions:
        if one.kind == "text":
            said = words.get(one.number, "")
            if len(said) > LONGEST:
                wrong[f"q{one.number}"] = say("太长，最多 %(max_length)s 个字。", max_length=LONGEST)
            elif said:
                found[one.number] = said
            continue
        chosen = sorted({*given.get(str(one.number), ())})
        if any(not 1 <= choice <= len(one.choices.split("\n")) for choice in chosen):
            wrong[f"q{one.number}"] = say("请从列表中选择。")
        elif one.kind == "one" and len(chosen) != 1:
            wrong[f"q{one.number}"] = say("请选一项。")
        elif chosen:
            found[one.number] = chosen
    if wrong:
        raise WrongInput(**wrong)
    if not found:
        raise WrongInput(form=say("请至少回答一题。"))
    return found


def written_as(words: Mapping[int, str]) -> str:
    """Answers in words as one text, a line each."""
    lines = ((number, " ".join(said.split())) for number, said in sorted(words.items()))
    return "\n".join(f"{number}：{said}" for number, said in lines if said)


def words_in(text: str) -> dict[int, str]:
    """The same answers again. Raises WrongInput for a line that says of no question."""
    found = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise WrongInput(text=say("每行请以题号和冒号开头，例如 3：我的回答。"))
        found[int(match[1])] = match[2].strip()
    return found


def answers_of(session: Session, activity: str, person: Person | None) -> dict[int, list[int] | str]:
    """What the person answered; empty before they have."""
    if person is None:
        return {}
    mine = select(Answer.number, Answer.answer).where(col(Answer.activity) == activity, col(Answer.person) == person.id)
    return {number: json.decode(said) for number, said in session.execute(mine)}


def results_of(session: Session, activity: str) -> tuple[int, list[Result]]:
    """How many answered, and what; the latest 200 of what was answered in words."""
    people = select(func.count(col(Answer.person).distinct())).where(col(Answer.activity) == activity)
    questions = questions_of(session, activity)
    return session.execute(people).scalar_one(), [_result(session, activity, one) for one in questions]


def _result(session: Session, activity: str, question: Question) -> Result:
    of = (col(Answer.activity) == activity, col(Answer.number) == question.number)
    if question.kind == "text":
        newest = select(Answer.answer).where(*of).order_by(col(Answer.at).desc(), col(Answer.person)).limit(SHOWN)
        return Result(question, [], [json.decode(said) for said in session.exec(newest)])
    counts = [0] * len(question.choices.split("\n"))
    together = select(Answer.answer, func.count()).where(*of).group_by(col(Answer.answer))
    for chosen, times in session.execute(together):
        for choice in json.decode(chosen, type=list[int]):
            counts[choice - 1] += times
    return Result(question, [*zip(question.choices.split("\n"), counts, strict=True)], [])
