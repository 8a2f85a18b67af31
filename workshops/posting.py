"""Posting in the room of a discussion: what one says there is taking part."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, insert, select, update

from community.mentions import people_mentioned
from community.notice_wishes import who_wants
from community.notices import tell
from community.pace import demand_pace
from community.people import Person
from community.refusals import NotThere
from community.removals import removal_of
from community.roles import demand_own
from community.texts import html_shown
from community.topics import take_turn
from community.versions import Version, Wording, keep_version
from community.words import say
from points.ledger import Gain
from workshops.activities import Activity, Held, hold_standing_activity
from workshops.attendance import attend
from workshops.members import demand_member
from workshops.phases import demand_open
from workshops.posts import Post
from workshops.workshops import WrongState

MINUTE: Final = timedelta(minutes=1)
A_MINUTE: Final = 10
"""Posts, or edits of them, of one person within a minute."""
TOO_FAST: Final = say("发得太快了，请稍等一分钟再发；已填写的内容都在。")


def post(session: Session, author: Person, activity: str, text: str, now: datetime) -> tuple[int, list[Gain]]:
    """One more post in a discussion that goes on: its number, and what taking part brought.

    Raises NotThere, NotAllowed, WrongState, TooFast, WrongInput, points.ledger.Refused.
    """
    take_turn(session, author)
    held = hold_discussion(session, activity)
    demand_member(session, held.workshop, author)
    demand_open(held, now)
    demand_pace(session, col(Post.at), now - MINUTE, A_MINUTE, TOO_FAST, col(Post.author) == author.id)
    html, mentioned = _written(session, text)
    number = held.posts + 1
    gains = attend(session, held, author.id, "post", author, now)
    session.execute(
        insert(Post).values(activity=activity, number=number, author=author.id, text=text, html=html, at=now)
    )
    session.execute(update(Activity).where(col(Activity.id) == activity).values(posts=number))
    _tell(session, held, number, author, mentioned, now)
    return number, gains


def edit_post(session: Session, author: Person, activity: str, number: int, text: str, now: datetime) -> None:
    """Write one's own post anew, while the discussion goes on; what it said is kept.

    Raises NotThere, NotAllowed, WrongState, TooFast, WrongInput.
    """
    take_turn(session, author)
    held = hold_discussion(session, activity)
    was = post_of(session, activity, number)
    demand_own(author, was.author)
    demand_open(held, now)
    if removal_of(session, activity, number) is not None:
        raise NotThere(say("这条发言已被撤回或移除，恢复之后才能修改。"))
    if text == was.text:
        return
    _demand_edits(session, author, now)
    html, mentioned = _written(session, text)
    before, after = Wording("", was.text, was.at), Wording("", text, now)
    keep_version(session, activity, number, before=before, after=after, by=author.id)
    session.execute(
        update(Post)
        .where(col(Post.activity) == activity, col(Post.number) == number)
        .values(text=text, html=html, edited_at=now)
    )
    _tell(session, held, number, author, mentioned, now)


def hold_discussion(session: Session, activity: str) -> Held:
    """Lock a discussion that stands. Raises NotThere, WrongState for what is none."""
    held = hold_standing_activity(session, activity)
    if held.kind != "discussion":
        raise WrongState(say("只有研讨活动可以发言。"))
    return held


def post_of(session: Session, activity: str, number: int) -> Post:
    """A post as it is now. Raises NotThere."""
    found = session.exec(
        select(Post)
        .where(col(Post.activity) == activity, col(Post.number) == number)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotThere(say("没有找到这条发言。"))
    return found


def _demand_edits(session: Session, author: Person, now: datetime) -> None:
    post = col(Post.activity) == col(Version.topic), col(Post.number) == col(Version.number), col(Version.version) > 1
    own = col(Post.author) == author.id, col(Post.edited_at) > now - MINUTE
    demand_pace(session, col(Version.at), now - MINUTE, A_MINUTE, TOO_FAST, *own, *post)


def _written(session: Session, text: str) -> tuple[str, list[str]]:
    """The HTML of a text, and whom it mentions who wants to know. Raises WrongInput."""
    called: set[str] = set()
    html = html_shown(text, people_mentioned(session, text), called)
    return html, sorted(who_wants(session, "mention", called))


def _tell(session: Session, held: Held, number: int, author: Person, mentioned: list[str], now: datetime) -> None:
    address = f"/activities/{held.id}#{number}"
    tell(session, "mention", mentioned, now, by=author.id, address=address, title=held.title)
