"""Closing an account: the person goes, what the house must keep stays under a pseudonym."""

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, delete, select, update

from community.certificates import Consent
from community.drafts import Draft
from community.findables import refresh
from community.letters import Letter, write_letter
from community.notices import Notice, NoticeToMail, NoticeWish
from community.passwords import Credential
from community.people import Person
from community.profiles import demand_not_last
from community.readings import Reading
from community.rosters import Roster
from community.second_factors import drop_second_factor
from community.sign_ins import sign_out_everywhere
from community.tickets import Ticket
from community.words import say
from points.erasure import erase_words

OWN: Final[tuple[Any, ...]] = (
    Ticket, Credential, NoticeToMail, Notice, NoticeWish, Draft, Reading, Consent, Roster,
)  # fmt: skip
"""Tables whose rows are nothing but the person's own."""


def close_account(session: Session, person: Person, now: datetime) -> None:
    """Erase name, staff number, address, sign-ins, password, second factor, letters, notices, drafts, reasons.

    The person's id, school, stage and subject stay, and so do topics, replies and the ledger, all under the pseudonym.
    Raises Refusal for the bureau's last person.
    """
    demand_not_last(session, person)
    # What the person is sending at this moment is there before, and goes too, or comes to nothing.
    session.execute(select(Person.id).where(col(Person.id) == person.id).with_for_update())
    mail = person.mail
    sign_out_everywhere(session, person.id)
    drop_second_factor(session, person.id)
    for table in OWN:
        session.execute(delete(table).where(col(table.person) == person.id))
    if mail:
        session.execute(delete(Letter).where(col(Letter.address) == mail))
    session.execute(
        update(Person)
        .where(col(Person.id) == person.id)
        .values(
            name=pseudonym(person.id), staff_number=None, mail=None, role="teacher", district=None, closed_at=now,
        )
    )  # fmt: skip
    refresh(session, "person", person.id)
    erase_words(session, person.id)
    write_letter(session, mail, say("您的账号已注销"), say("您在共研的账号已经注销。这是最后一封信。"), now)


def pseudonym(id: str) -> str:
    """What is shown in place of the name."""
    return str(say("已注销用户 %(short)s", short=id[-6:]))
