"""Closing an account: the person goes, what the house must keep stays under a pseudonym."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, delete, select, update

from community.appeals import Appeal
from community.certificates import Consent
from community.collections import Collected
from community.downloads import Download
from community.drafts import Draft
from community.files import File, erase_file
from community.findables import refresh
from community.letters import Letter, write_letter
from community.notices import Notice, NoticeToMail, NoticeWish
from community.passwords import Credential, Proof, demand_still
from community.people import Person
from community.profiles import demand_not_last
from community.readings import Reading
from community.receipts import Receipt
from community.replies import Reply
from community.reports import Report
from community.resource_withdrawals import erase_withdrawn_resources
from community.resources import Resource
from community.restrictions import Restriction
from community.review import HeldText
from community.rosters import Roster
from community.second_factors import drop_second_factor
from community.shelf import Shelf
from community.sign_ins import sign_out_everywhere
from community.texts import PICTURE
from community.tickets import Ticket
from community.topics import Topic
from community.uploads import forget_unused_of
from community.versions import Version
from community.withdrawals import erase_withdrawn
from community.words import say
from points.erasure import erase_words

OWN: Final[list[Any]] = [
    Ticket.person, Credential.person, NoticeToMail.person, Notice.person, NoticeWish.person, Draft.person,
    Reading.person, Consent.person, Roster.person, HeldText.author, Collected.person, Download.person,
]  # fmt: skip
"""Whose rows they are, in tables whose rows are nothing but the person's own.

Floors above add theirs, here and to the lists below.
"""
WORDLESS: Final[list[tuple[Any, dict[str, str]]]] = [
    (Appeal.person, {"words": "", "answer": ""}),
    (Report.reporter, {"words": ""}),
    (Restriction.person, {"reason": ""}),
]
"""The same in tables whose rows stay, as they belong to decisions, and the words that they lose."""
POSTS: Final[list[Any]] = [Topic.text, Reply.text, Resource.text, Version.text]
"""Where a picture may stand."""
LEAVING: Final[list[Callable[[Session, Person, datetime], None]]] = []
"""What else is done when somebody (who still has a name) goes, before what stands in no post is erased."""


def close_account(session: Session, proof: Proof, shelf: Shelf, now: datetime) -> None:
    """Erase name, staff number, address, sign-ins, password, second factor, letters, notices, drafts, and all words,
    files and pictures (on the shelf) that stand in no post; what was withdrawn is no post any more.

    The person's id, school, stage and subject stay, and so do topics, replies, resources, ratings, what floors above
    keep, the ledger and what was decided, all under the pseudonym. Raises Refusal for the bureau's last person, and as
    demand_still.
    """
    demand_not_last(session, proof.person, now)
    person = demand_still(session, proof)
    mail, language = person.mail, person.language
    addresses = session.exec(select(Ticket.address).where(col(Ticket.person) == person.id)).all()
    sign_out_everywhere(session, person.id)
    drop_second_factor(session, person.id)
    session.execute(delete(Appeal).where(col(Appeal.person) == person.id, col(Appeal.decided_at).is_(None)))
    for whose in OWN:
        session.execute(delete(whose.class_).where(whose == person.id))
    for whose, words in WORDLESS:
        session.execute(update(whose.class_).where(whose == person.id).values(words))
    for leave in LEAVING:
        leave(session, person, now)
    erase_withdrawn(session, person.id)
    erase_withdrawn_resources(session, person.id)
    forget_unused_of(session, person.id)
    _erase_pictures(session, person.id, shelf)
    # Also where an address was to be proven.
    session.execute(delete(Letter).where(col(Letter.address).in_([one for one in (mail, *addresses) if one])))
    session.execute(
        update(Person)
        .where(col(Person.id) == person.id)
        .values(
            name=pseudonym(person.id), staff_number=None, mail=None, role="teacher", district=None, language="",
            closed_at=now,
        )
    )  # fmt: skip
    session.execute(update(Receipt).where(col(Receipt.teacher) == person.id).values(name=pseudonym(person.id)))
    refresh(session, "person", person.id)
    erase_words(session, person.id)
    last = say("您在共研的账号已经注销。这是最后一封信。")
    write_letter(session, mail, say("您的账号已注销"), last, now, language)


def _erase_pictures(session: Session, person: str, shelf: Shelf) -> None:
    """Those that stand in no post, whoever wrote it."""
    own = set(session.exec(select(File.id).where(col(File.owner) == person)))
    if not own:
        return
    for text in POSTS:
        for found in session.exec(select(text).where(col(text).contains("/files/")).execution_options(yield_per=500)):
            own -= {address.rpartition("/")[2] for address in PICTURE.findall(found)}
    for id in own:
        erase_file(session, shelf, id)


def pseudonym(id: str) -> str:
    """What is shown in place of the name."""
    return str(say("已注销用户 %(short)s", short=id[-6:]))
