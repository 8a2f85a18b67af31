"""/activities/…/questions, answers and results: what a survey asks, and what was answered."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Depends, Path
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from community.refusals import NotAllowed, NotThere
from community.review import HELD, write
from community.words import say
from web.flash import flash, lead_on
from web.forms import Form, sent
from web.pages.activities import own, shown_in
from web.templating import page
from web.visit import Member, Router
from workshops.activities_seen import ActivitySeen, activity_seen
from workshops.survey_answers import results_of, written_as
from workshops.survey_questions import LONGEST, drop_question, is_answered, question_of, questions_of
from workshops.surveys import QUESTION_KINDS, Question

router = Router("/activities/{id}")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]

Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=LONGEST)]
"""What a question says."""


class SetQuestion(BaseModel):
    """A question, and what is offered to choose from, a line each."""

    kind: Literal[tuple(QUESTION_KINDS)]  # type: ignore[valid-type]
    text: Asked
    choices: Annotated[str, StringConstraints(max_length=1000)] = ""

    def fields(self, number: int) -> dict[str, Any]:
        """What is written of it; `number` 0: a further one."""
        return {**self.model_dump(), "choices": self.choices.splitlines(), "number": number}


class Answers(BaseModel):
    """Answers by the numbers of their questions: q1, q2; the numbers of choices, or words."""

    model_config = ConfigDict(extra="allow")

    def fields(self, questions: Sequence[Question]) -> dict[str, Any]:
        """What was chosen, and what was said, as it is written; what is no number is no choice."""
        typed = self.model_extra or {}
        words, given = dict[int, str](), dict[str, list[int]]()
        for one in questions:
            said = typed.get(f"q{one.number}", "")
            if one.kind == "text":
                words[one.number] = said if isinstance(said, str) else " ".join(map(str, said))
            else:
                chosen = [said] if isinstance(said, str) else [str(choice) for choice in said]
                given[str(one.number)] = [int(n) if n.isdecimal() and len(n) < 4 else 0 for n in chosen if n]
        return {"given": given, "text": written_as(words)}


SetQuestionForm = Annotated[Form[SetQuestion], Depends(sent(SetQuestion))]
AnswersForm = Annotated[Form[Answers], Depends(sent(Answers))]


@router.get("/questions")
def index(here: Member, id: str) -> HTMLResponse:
    """The questions of one's own survey, and a form for a further one. Raises NotThere, NotAllowed."""
    return page(here, "activities/questions.html", form=Form(SetQuestion), **_asked(here, id))


@router.post("/questions")
def create(here: Member, id: str, form: SetQuestionForm) -> Response:
    """Ask one more."""
    _asked(here, id)
    with form.once(here, "activities/questions.html", lambda: _asked(here, id)) as done:
        written = write(here.session, here.me, "question", id, form.checked.fields(0), here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("题目已添加。"))
        return answer


@router.get("/questions/{number}/edit")
def edit(here: Member, id: str, number: Number) -> HTMLResponse:
    """The form to ask it otherwise. Raises NotThere, NotAllowed."""
    shown = _asked(here, id)
    question = question_of(here.session, id, number)
    typed = {"kind": question.kind, "text": question.text, "choices": question.choices}
    return page(here, "activities/question.html", form=Form(SetQuestion, typed), question=question, **shown)


@router.post("/questions/{number}")
def update(here: Member, id: str, number: Number, form: SetQuestionForm) -> Response:
    """Ask it otherwise."""
    context = {**_asked(here, id), "question": question_of(here.session, id, number)}
    with form.or_again(here, "activities/question.html", **context):
        written = write(here.session, here.me, "question", id, form.checked.fields(number), here.now)
    return lead_on(here, written.address, HELD if written.held else say("题目已修改。"))


@router.post("/questions/{number}/delete")
def delete(here: Member, id: str, number: Number) -> Response:
    """Ask it no more."""
    drop_question(here.session, here.me, id, number)
    return lead_on(here, f"/activities/{id}/questions", say("题目已删除。"))


@router.post("/answers")
def answer(here: Member, id: str, form: AnswersForm) -> Response:
    """Answer, or answer anew."""
    seen = activity_seen(here.session, id, here.me, here.now)
    with form.or_again(here, "activities/show.html", lambda: shown_in(here, seen)):
        fields = form.checked.fields(questions_of(here.session, id))
        written = write(here.session, here.me, "answers", id, fields, here.now)
    made = lead_on(here, written.address, HELD if written.held else say("答卷已提交，活动结束前可以修改。"))
    if not written.held:
        flash(here, made, say("答卷已提交，活动结束前可以修改。"), written.gains, here.me.id)
    return made


@router.get("/results")
def results(here: Member, id: str) -> HTMLResponse:
    """What was answered, without names: for helpers at any time, for participants once it is over."""
    seen = activity_seen(here.session, id, here.me, here.now)
    _demand_results(seen)
    people, found = results_of(here.session, id)
    return page(here, "activities/results.html", section="/workshops", seen=seen, people=people, found=found)


def _asked(here: Member, id: str) -> dict[str, Any]:
    seen = own(here, id)
    if seen.activity.kind != "survey":
        raise NotThere(say("这个活动不是问卷。"))
    return {
        "section": "/workshops",
        "seen": seen,
        "questions": questions_of(here.session, id),
        "answered": is_answered(here.session, id),
        "kinds": QUESTION_KINDS,
        "place": f"/activities/{id}/questions",
    }


def _demand_results(seen: ActivitySeen) -> None:
    if seen.activity.kind != "survey":
        raise NotThere(say("这个活动不是问卷。"))
    over = seen.phase == "closed" and seen.mine is not None
    if not (seen.helping or seen.staff or over):
        raise NotAllowed(say("活动结束后，参与者可以看到结果。"))
