"""What is written of a workshop: its application, an answer, edits, what its members are told, why one is taken out."""

from datetime import datetime

from sqlmodel import Session

from community.people import Person
from community.review import TEXTS
from community.staff import district_of
from community.text_kinds import Fields, TextKind, Written
from community.words import say
from workshops.announcements import announce, announcement_by, announcements_address, edit_announcement
from workshops.closing import close
from workshops.editing import edit_workshop
from workshops.founding import answer_return, apply
from workshops.members import demand_helper
from workshops.taking_out import hold_to_take_out, take_out
from workshops.workshops import WrongState, demand_host, hold_open_workshop, hold_standing_workshop


def publish_workshop(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """A new application."""
    return Written(f"/workshops/{apply(session, author, now, **fields).id}", [], False)


def publish_answer(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The host's answer to why the workshop `place` was returned."""
    answer_return(session, author, place, now, **fields)
    return Written(f"/workshops/{place}", [], False)


def publish_workshop_edit(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The host's workshop `place` anew."""
    edit_workshop(session, author, place, now, **fields)
    return Written(f"/workshops/{place}", [], False)


def publish_announcement(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """An announcement in the workshop `place`."""
    return Written(announcements_address(place, announce(session, author, place, fields["text"], now)), [], False)


def publish_announcement_edit(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """The announcement `number` in the workshop `place` anew."""
    edit_announcement(session, author, place, fields["number"], fields["text"], now)
    return Written(announcements_address(place, fields["number"]), [], False)


def publish_closing(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """What the host of the workshop `place` says to its members in the end, which closes it."""
    close(session, author, place, fields["text"], now)
    return Written(f"/workshops/{place}", [], False)


def publish_taking_out(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> Written:
    """Why the `person` (an id) is taken out of the workshop `place`, who is by it."""
    take_out(session, author, place, fields["person"], fields["text"], now)
    return Written(f"/workshops/{place}/members", [], False)


def _of_new_workshop(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    return fields["title"], district_of(session, author)


def _of_returned(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = hold_standing_workshop(session, place)
    demand_host(author, held.host)
    if held.state != "returned":
        raise WrongState(say("申请没有被退回，不用答复。"))
    return held.title, held.district


def _of_own(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = hold_open_workshop(session, place)
    demand_host(author, held.host)
    return held.title, held.district


def _of_announcement(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = hold_open_workshop(session, place)
    demand_helper(session, held, author)
    if "number" in fields:
        announcement_by(session, author, place, held.host, fields["number"])
    return held.title, held.district


def _of_taking_out(session: Session, author: Person, place: str, fields: Fields, now: datetime) -> tuple[str, str]:
    held = hold_to_take_out(session, author, place, fields["person"])
    return held.title, held.district


TEXTS["workshop"] = TextKind(say("工作坊申请"), publish_workshop, _of_new_workshop, ("title", "text"))
TEXTS["workshop_answer"] = TextKind(
    say("对退回申请的答复"), publish_answer, _of_returned, ("title", "text", "words")
)  # fmt: skip
TEXTS["workshop_edit"] = TextKind(say("对工作坊的修改"), publish_workshop_edit, _of_own, ("title", "text"))
TEXTS["workshop_closing"] = TextKind(say("给成员的话"), publish_closing, _of_own, ("text",), markdown=False)
TEXTS["announcement"] = TextKind(say("公告"), publish_announcement, _of_announcement, ("text",))
TEXTS["announcement_edit"] = TextKind(say("对公告的修改"), publish_announcement_edit, _of_announcement, ("text",))
TEXTS["taking_out"] = TextKind(say("移出成员的理由"), publish_taking_out, _of_taking_out, ("text",), markdown=False)
