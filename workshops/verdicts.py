"""Reading submissions: helpers accept or return them with a comment, the host recommends them with a reason."""

from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, col, update

from community.forecasts import Changed, Forecast, forecast
from community.ids import new_id
from community.notices import tell
from community.people import Person
from community.refusals import NotAllowed, WrongInput
from community.words import Sentence, say
from points.facts import Recommend
from points.ledger import Gain, report
from workshops.members import demand_helper
from workshops.numbering import next_number
from workshops.submissions import Held, Submission, Verdict, hold_standing_submission
from workshops.workshops import WrongState, demand_host


def judge_submission(
    session: Session, helper: Person, submission: str, verdict: str, comment: str, version: int, now: datetime
) -> None:  # fmt: skip
    """Accept a submission or return it ("accepted", "returned"), in the version that was read; its author is told.

    Raises NotThere, NotAllowed, WrongState, WrongInput for returning without a word, Changed once it has a further
    version.
    """
    held = hold_to_judge(session, helper, submission, verdict, comment, version)
    _note(session, held, verdict, helper, comment, now)
    news = say("已通过") if verdict == "accepted" else say("被退回，请修改后再交")
    words = " ".join(comment.split())
    _tell(session, helper, held, say("%(news)s：%(words)s", news=news, words=words) if words else news, now)


def hold_to_judge(
    session: Session, helper: Person, submission: str, verdict: str, comment: str, version: int
) -> Held:  # fmt: skip
    """The submission, held, which the helper may so judge. Raises the same."""
    held = hold_standing_submission(session, submission)
    demand_helper(session, held.activity.workshop, helper)
    _demand_of_another(helper, held)
    if held.recommended:
        raise WrongState(say("作业已被推优，不再改动。"))
    if verdict == "returned" and not comment:
        raise WrongInput(text=say("请写明需要修改什么。"))
    _demand_version(held, version)
    return held


def recommend(
    session: Session, host: Person, submission: str, reason: str, version: int, now: datetime
) -> list[Gain]:  # fmt: skip
    """Recommend a submission, once (annex 二(六)), in the version that was read, which accepts it, too.

    What that brought. Raises NotThere, NotAllowed, WrongState, Changed once it has a further version,
    points.ledger.Refused.
    """
    held = hold_to_recommend(session, host, submission, version)
    if held.standing == "handed":
        _note(session, held, "accepted", host, "", now)
    session.execute(
        update(Submission)
        .where(col(Submission.activity) == held.activity.id, col(Submission.id) == submission)
        .values(recommended_at=now, recommended_for=reason)
    )
    gains = report(session, recommendation(submission, host, now), now, {"reason": reason})
    # Whose points move is told by what the ledger announces, with the same reason.
    if not any(gain.counted for gain in gains if gain.teacher == held.author):
        _tell(session, host, held, say("被推优：%(words)s", words=" ".join(reason.split())), now)
    return gains


def hold_to_recommend(session: Session, host: Person, submission: str, version: int) -> Held:
    """The submission, held, which the host may recommend in this version. Raises the same."""
    held = hold_standing_submission(session, submission)
    demand_host(host, held.activity.workshop.host)
    _demand_of_another(host, held)
    if held.recommended:
        raise WrongState(say("这份作业已经推优过了。"))
    if held.standing == "returned":
        raise WrongState(say("作业已退回，等作者改好再交之后才能推优。"))
    _demand_version(held, version)
    return held


def recommendation(submission: str, host: Person, now: datetime) -> Recommend:
    """The fact that the host recommends it."""
    return Recommend(id=new_id("fact"), at=now, actor=host.id, object=submission)


def recommending(session: Session, host: Person, submission: str, now: datetime) -> Forecast:
    """What recommending it would bring, and to whom; changes nothing."""
    return forecast(session, [recommendation(submission, host, now)], now)


def _demand_of_another(reader: Person, held: Held) -> None:
    if held.author == reader.id:
        raise NotAllowed(say("不能评阅自己交的内容。"))
    if held.is_summary:
        raise WrongState(say("这是工作坊主的活动总结，不用评阅。"))


def _demand_version(held: Held, version: int) -> None:
    if version != held.version:
        raise Changed(say("作者刚刚又交了一版，还没有处理。下面是现在的内容，请看过再决定。"))


def _note(session: Session, held: Held, verdict: str, by: Person, comment: str, now: datetime) -> None:
    activity = held.activity.id
    on_it = col(Verdict.activity) == activity, col(Verdict.submission) == held.id
    number = next_number(session, col(Verdict.number), *on_it)
    session.execute(
        insert(Verdict).values(
            activity=activity, submission=held.id, number=number, version=held.version, verdict=verdict, by=by.id,
            at=now, comment=comment,
        )
    )  # fmt: skip
    session.execute(
        update(Submission)
        .where(col(Submission.activity) == activity, col(Submission.id) == held.id)
        .values(standing=verdict)
    )


def _tell(session: Session, by: Person, held: Held, news: Sentence, now: datetime) -> None:
    tell(
        session, "workshop", [held.author], now, by=by.id, address=f"/submissions/{held.id}", title=held.title,
        news=news,
    )  # fmt: skip
