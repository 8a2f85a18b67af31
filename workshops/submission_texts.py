"""What is written of submissions: they themselves, further versions, what readers say, and why they recommend them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from community.brought_along import names_beside, removed_beside
from community.people import Person
from community.resources import Resource
from community.review import TEXTS
from community.text_kinds import Fields, TextKind, Written
from community.topics import take_turn
from community.uploads import hold_uploads
from community.words import say
from workshops.brought import Brought, brought
from workshops.handing_in import (
    demand_content,
    hand_in,
    hand_in_again,
    hold_to_hand_in,
    hold_to_hand_in_again,
)
from workshops.verdicts import hold_to_judge, hold_to_recommend, judge_submission, recommend

COMMENT: Final = 1000
"""Characters of what a reader says of a submission, or of why it is recommended."""


def publish_submission(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """What the author hands in to the activity `place`, with `uploads` (their ids), a `link` or a `resource`."""
    parts = _brought(session, author, fields)
    id, gains = hand_in(session, author, place, now, title=fields["title"], text=fields["text"], parts=parts)
    return Written(f"/submissions/{id}", gains, False)


def publish_version(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A further version of the author's submission `place`."""
    parts = _brought(session, author, fields, place)
    hand_in_again(session, author, place, now, title=fields["title"], text=fields["text"], parts=parts)
    return Written(f"/submissions/{place}", [], False)


def publish_verdict(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A `verdict` on the submission `place` in its `version`, with a comment, which may be empty."""
    judge_submission(session, author, place, fields["verdict"], fields["text"], fields["version"], now)
    return Written(f"/submissions/{place}", [], False)


def publish_recommendation(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The recommendation of the submission `place` in its `version`, and why."""
    gains = recommend(session, author, place, fields["text"], fields["version"], now)
    return Written(f"/submissions/{place}", gains, False)


def _of_new(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    parts = _brought(session, author, fields)
    held = hold_to_hand_in(session, author, place, now)
    demand_content(held, fields["text"], parts)
    return fields["title"], held.workshop.district


def _of_version(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    parts = _brought(session, author, fields, place)
    held = hold_to_hand_in_again(session, author, place, now)
    demand_content(held.activity, fields["text"], parts)
    return held.title, held.activity.workshop.district


def _of_verdict(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = hold_to_judge(session, author, place, fields["verdict"], fields["text"], fields["version"])
    return held.title, held.activity.workshop.district


def _of_recommendation(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = hold_to_recommend(session, author, place, fields["version"])
    return held.title, held.activity.workshop.district


def _brought(session: Session, author: Person, fields: Fields, of: str = "") -> list[Brought]:
    """What the author brings, which nobody throws away meanwhile."""
    take_turn(session, author)
    hold_uploads(session, fields["uploads"])
    return brought(session, author, fields["uploads"], fields["link"], fields["resource"], of)


def _parts(session: Session, fields: Fields) -> Sequence[str]:
    """What the files are called, the link, and the resource's title."""
    titles = session.exec(select(Resource.title).where(col(Resource.id) == fields["resource"]))
    return [*names_beside(session, fields), *titles]


TEXTS["submission"] = TextKind(
    say("作业"), publish_submission, _of_new, ("title", "text"), beside=_parts, removed=removed_beside
)
TEXTS["submission_version"] = TextKind(
    say("作业的新版本"), publish_version, _of_version, ("title", "text"), beside=_parts, removed=removed_beside
)
TEXTS["verdict"] = TextKind(say("对作业的评语"), publish_verdict, _of_verdict, ("text",), markdown=False)
TEXTS["recommendation"] = TextKind(
    say("推优理由"), publish_recommendation, _of_recommendation, ("text",), markdown=False
)
