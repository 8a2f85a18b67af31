"""Handing in: a submission to an activity, once each, and its further versions until it is accepted for good."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import insert
from sqlmodel import Session, col, func, select, update

from community.ids import new_id
from community.people import Person
from community.refusals import NotAllowed, TooFast, WrongInput
from community.roles import demand_own
from community.texts import html_shown
from community.topics import take_turn
from community.words import say
from points.facts import Submit
from points.ledger import Gain, report
from workshops.activities import HANDED_IN, hold_standing_activity
from workshops.activities import Held as HeldActivity
from workshops.brought import Brought, bring_along
from workshops.members import demand_member
from workshops.phases import demand_open
from workshops.signing_in import STRUCK, is_struck_out
from workshops.submissions import Held, Submission, SubmissionPart, SubmissionVersion, hold_standing_submission
from workshops.workshops import WrongState

MINUTE: Final = timedelta(minutes=1)
A_MINUTE: Final = 5
"""Submissions and further versions of them that one person may hand in within a minute."""


def hand_in(
    session: Session, author: Person, activity: str, now: datetime, *, title: str, text: str, parts: Sequence[Brought]
) -> tuple[str, list[Gain]]:  # fmt: skip
    """Hand something in to an activity: its id, and what that brought (readings 4 and 5).

    A member's is an outcome and a participation, while the activity goes on; the host's is its summary, at any time.
    Raises NotThere, NotAllowed, WrongState, WrongInput, TooFast, points.ledger.Refused.
    """
    take_turn(session, author)
    held = hold_to_hand_in(session, author, activity, now)
    demand_content(held, text, parts)
    _demand_pace(session, author, now)
    is_summary = author.id == held.workshop.host
    submission = Submission(
        activity=activity, id=new_id("submission"), author=author.id, title=title, text=text, html=_html(text),
        standing="accepted" if is_summary else "handed", first_at=now, handed_at=now,
    )  # fmt: skip
    session.add(submission)
    session.flush()
    bring_along(session, activity, submission.id, 1, parts)
    fact = Submit(id=new_id("fact"), at=now, actor=author.id, object=submission.id, target=activity)
    return submission.id, report(session, fact, now)


def hand_in_again(
    session: Session, author: Person, submission: str, now: datetime, *, title: str, text: str, parts: Sequence[Brought]
) -> None:  # fmt: skip
    """A further version of one's own submission, which waits to be read again; the older ones are kept.

    It earns nothing. Raises NotThere, NotAllowed, WrongState, WrongInput also for the same once more, TooFast.
    """
    take_turn(session, author)
    held = hold_to_hand_in_again(session, author, submission, now)
    demand_content(held.activity, text, parts)
    was = session.exec(
        select(Submission).where(col(Submission.activity) == held.activity.id, col(Submission.id) == submission)
    ).one()
    _demand_new(session, was, title, text, parts)
    _demand_pace(session, author, now)
    session.execute(
        insert(SubmissionVersion).values(
            activity=was.activity, submission=was.id, version=was.version, title=was.title, text=was.text,
            html=was.html, at=was.handed_at,
        )
    )  # fmt: skip
    session.execute(
        update(Submission)
        .where(col(Submission.activity) == was.activity, col(Submission.id) == submission)
        .values(
            title=title, text=text, html=_html(text), version=held.version + 1, handed_at=now,
            standing="accepted" if held.is_summary else "handed",
        )
    )  # fmt: skip
    bring_along(session, held.activity.id, submission, held.version + 1, parts)


def hold_to_hand_in(session: Session, author: Person, activity: str, now: datetime) -> HeldActivity:
    """The activity, held, to which the author may hand in now. Raises NotThere, NotAllowed, WrongState."""
    held = hold_standing_activity(session, activity)
    demand_may_hand_in(session, author, held, now)
    return held


def demand_may_hand_in(session: Session, author: Person, held: HeldActivity, now: datetime) -> None:
    """Raise NotAllowed, WrongState unless the author may hand in to an activity now, be it held or only looked at."""
    if author.id != held.workshop.host:
        demand_member(session, held.workshop, author)
        if held.kind not in HANDED_IN:
            raise WrongState(say("问卷不收作业，请在活动页填写问卷。"))
        demand_open(held, now)
        # Who was struck out of a meeting was not there: a text does not say otherwise.
        if held.kind == "meeting" and is_struck_out(session, held.id, author.id):
            raise WrongState(STRUCK)
    if (mine := own_submission(session, held.id, author)) is not None:
        said = say("您已经交过了；要修改，请在您的作业里再交一版。")
        raise WrongState(said, way=f"/submissions/{mine}", leads=say("打开我的作业"))


def may_hand_in(session: Session, author: Person, held: HeldActivity, now: datetime) -> bool:
    """Whether the author may hand in to it now, for those who look at it."""
    return _is_taken(partial(demand_may_hand_in, session, author, held, now))


def hold_to_hand_in_again(session: Session, author: Person, submission: str, now: datetime) -> Held:
    """One's own submission, held, which takes a further version now: while its activity goes on, or once returned.

    Raises NotThere, NotAllowed, WrongState.
    """
    held = hold_standing_submission(session, submission)
    demand_may_hand_in_again(session, author, held, now)
    return held


def demand_may_hand_in_again(session: Session, author: Person, held: Held, now: datetime) -> None:
    """Raise NotAllowed, WrongState unless the author may do so now, be it held or only looked at."""
    demand_own(author, held.author)
    if held.recommended:
        raise WrongState(say("作业已被推优，不能再改。"))
    if held.is_summary:
        return
    demand_member(session, held.activity.workshop, author)
    if held.standing != "returned" or held.activity.workshop.state == "closed":
        demand_open(held.activity, now)


def may_hand_in_again(session: Session, author: Person, held: Held, now: datetime) -> bool:
    """Whether a further version is taken now, for those who look at it."""
    return _is_taken(partial(demand_may_hand_in_again, session, author, held, now))


def own_submission(session: Session, activity: str, author: Person) -> str | None:
    """The id of what the author handed in to an activity, withdrawn or not; None without."""
    mine = select(Submission.id).where(col(Submission.activity) == activity, col(Submission.author) == author.id)
    return session.exec(mine).one_or_none()


def demand_content(held: HeldActivity, text: str, parts: Sequence[Brought]) -> None:
    """Raise WrongInput for what says nothing; a collection of resources is for what can be taken along."""
    if held.kind == "collection" and not parts:
        raise WrongInput(files=say("资源征集请交文件、网址或您分享的资源。"))
    if not text and not parts:
        raise WrongInput(text=say("请写下内容，或者上传文件。"))


def _is_taken(demand: Callable[[], None]) -> bool:
    try:
        demand()
    except (NotAllowed, WrongState):
        return False
    return True


def _html(text: str) -> str:
    """What the words look like; files and links may come without any. Raises WrongInput."""
    return html_shown(text) if text else ""


def _demand_new(session: Session, was: Submission, title: str, text: str, parts: Sequence[Brought]) -> None:
    before = session.execute(
        select(SubmissionPart.upload, SubmissionPart.link, SubmissionPart.resource).where(
            col(SubmissionPart.activity) == was.activity, col(SubmissionPart.submission) == was.id,
            col(SubmissionPart.version) == was.version,
        )
    )  # fmt: skip
    same = {(part.upload, part.link, part.resource) for part in parts} == {tuple(row) for row in before}
    if same and (title, text) == (was.title, was.text):
        raise WrongInput(form=say("和上一版一样，请修改后再交。"))


def _demand_pace(session: Session, author: Person, now: datetime) -> None:
    since = now - MINUTE
    mine = [col(Submission.author) == author.id, col(Submission.handed_at) > since]
    former = (
        select(func.count())
        .select_from(SubmissionVersion)
        .join(
            Submission,
            (col(Submission.id) == col(SubmissionVersion.submission))
            & (col(Submission.activity) == col(SubmissionVersion.activity)),
        )
        .where(*mine, col(SubmissionVersion.at) > since)
    )
    latest = select(func.count()).select_from(Submission).where(*mine)
    if session.execute(latest).scalar_one() + session.execute(former).scalar_one() >= A_MINUTE:
        raise TooFast(say("交得太快了，请稍等一分钟再交；已填写的内容都在。"))
