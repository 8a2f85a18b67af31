"""What is written in activities: themselves, what is said there, questions and answers, why somebody is struck out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from community.people import Person
from community.refusals import NotThere
from community.removals import removal_of
from community.review import TEXTS
from community.roles import demand_own
from community.text_kinds import Fields, TextKind, Written
from community.topics import take_turn
from community.words import say
from workshops.activities import hold_standing_activity
from workshops.attendance import hold_to_strike_out, strike_out
from workshops.creating import create_activity, demand_times, edit_activity
from workshops.members import demand_member
from workshops.phases import demand_open
from workshops.posting import edit_post, hold_discussion, post, post_of
from workshops.posts import address_of_post
from workshops.survey_answers import answer, answers_to, hold_survey, words_in
from workshops.survey_questions import choices_of, demand_unanswered, hold_own_survey, questions_of, set_question
from workshops.workshops import demand_host, hold_open_workshop


def publish_activity(session: Session, host: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A new activity of the workshop `place`."""
    id, gains = create_activity(session, host, place, now, kind=fields["kind"], **_said(fields))
    return Written(f"/activities/{id}", gains, False)


def publish_activity_edit(session: Session, host: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The host's activity `place` anew."""
    edit_activity(session, host, place, now, **_said(fields))
    return Written(f"/activities/{place}", [], False)


def publish_post(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A post in the discussion `place`."""
    number, gains = post(session, author, place, fields["text"], now)
    return Written(address_of_post(place, number), gains, False)


def publish_post_edit(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The author's post `number` in the discussion `place` anew."""
    edit_post(session, author, place, fields["number"], fields["text"], now)
    return Written(address_of_post(place, fields["number"]), [], False)


def publish_question(session: Session, host: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A question of the host's survey `place`."""
    set_question(session, host, place, now, **fields)
    return Written(f"/activities/{place}/questions", [], False)


def publish_answers(session: Session, person: Person, place: str, fields: Fields, now: datetime) -> Written:
    """What somebody answers to the survey `place`."""
    gains = answer(session, person, place, fields["given"], fields["text"], now)
    return Written(f"/activities/{place}", gains, False)


def publish_striking_out(session: Session, helper: Person, place: str, fields: Fields, now: datetime) -> Written:
    """Why the `person` (an id) is struck out of the attendance of the activity `place`, who is by it."""
    gains = strike_out(session, helper, place, fields["person"], fields["text"], now)
    return Written(f"/activities/{place}/attendance", gains, False)


def _of_new(session: Session, host: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    take_turn(session, host)
    held = hold_open_workshop(session, place)
    demand_host(host, held.host)
    said = _said(fields)
    demand_times(said["opens_at"], said["closes_at"], now)
    return fields["title"], held.district


def _of_edit(session: Session, host: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    take_turn(session, host)
    held = hold_standing_activity(session, place)
    demand_host(host, held.workshop.host)
    return held.title, held.workshop.district


def _in_discussion(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    take_turn(session, author)
    held = hold_discussion(session, place)
    demand_member(session, held.workshop, author)
    demand_open(held, now)
    return held.title, held.workshop.district


def _of_own_post(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    take_turn(session, author)
    held = hold_discussion(session, place)
    demand_own(author, post_of(session, place, fields["number"]).author)
    demand_open(held, now)
    if removal_of(session, place, fields["number"]) is not None:
        raise NotThere(say("这条发言已被撤回或移除，恢复之后才能修改。"))
    return held.title, held.workshop.district


def _in_own_survey(session: Session, host: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    take_turn(session, host)
    held = hold_own_survey(session, host, place)
    choices_of(fields["kind"], fields["choices"])
    demand_unanswered(session, held)
    return held.title, held.workshop.district


def _in_survey(session: Session, person: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    take_turn(session, person)
    held = hold_survey(session, person, place, now)
    answers_to(questions_of(session, place), fields["given"], words_in(fields["text"]))
    return held.title, held.workshop.district


def _of_striking_out(session: Session, helper: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = hold_to_strike_out(session, helper, place, fields["person"])
    return held.title, held.workshop.district


def _where(session: Session, fields: Fields) -> Sequence[str]:
    """Where an activity is held."""
    return [fields["where"]] if fields["where"] else []


def _choices(session: Session, fields: Fields) -> Sequence[str]:
    """What a question offers to choose from."""
    return fields["choices"]


def _said(fields: Fields) -> dict[str, Any]:
    """What an activity is, of fields that may have waited as JSON: moments are texts there."""
    moments = {name: fields.get(name) for name in ("opens_at", "closes_at")}
    return {
        "title": fields["title"],
        "text": fields["text"],
        "where": fields["where"],
        **{name: datetime.fromisoformat(at) if isinstance(at, str) else at for name, at in moments.items()},
    }


TEXTS.update({
    "activity": TextKind(say("活动"), publish_activity, _of_new, ("title", "text"), beside=_where),
    "activity_edit": TextKind(
        say("对活动的修改"), publish_activity_edit, _of_edit, ("title", "text"), beside=_where
    ),
    "post": TextKind(say("发言"), publish_post, _in_discussion, ("text",)),
    "post_edit": TextKind(say("对发言的修改"), publish_post_edit, _of_own_post, ("text",)),
    "question": TextKind(
        say("问卷题目"), publish_question, _in_own_survey, ("text",), markdown=False, beside=_choices
    ),
    "answers": TextKind(say("答卷"), publish_answers, _in_survey, ("text",), markdown=False),
    "striking_out": TextKind(
        say("划去到场的理由"), publish_striking_out, _of_striking_out, ("text",), markdown=False
    ),
})  # fmt: skip
