"""What people say of themselves, and what they are: profile, address, role."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from community.findables import refresh
from community.notices import tell
from community.passwords import Credential
from community.people import MOST_SUBJECTS, Person, demand_free, hold_person
from community.refusals import Refusal, WrongInput
from community.restrictions import is_suspended
from community.roles import MAY, NAMES, RANK, REACH
from community.schools import SUBJECTS, District
from community.sign_ins import sign_out_everywhere
from community.tickets import drop_tickets
from community.words import say

MAIL: Final = re.compile(r"[^@\s,;<>\"'()\\]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")


def edit_profile(session: Session, person: Person, *, stage: str, subjects: list[str]) -> None:
    """Change what somebody teaches; the name, which receipts show, is the school's. Raises WrongInput."""
    values = {"stage": stage, **subjects_of(subjects)}
    session.execute(update(Person).where(col(Person.id) == person.id).values(**values))
    refresh(session, "person", person.id)


def subjects_of(given: list[str]) -> dict[str, str]:
    """The columns of a person who teaches these subjects, the first one first. Raises WrongInput."""
    subjects = list(dict.fromkeys(given))
    if not 1 <= len(subjects) <= MOST_SUBJECTS or not set(subjects) <= set(SUBJECTS):
        raise WrongInput(subjects=say("请选择 1 到 %(most)s 个学科。", most=MOST_SUBJECTS))
    return {"subject": subjects[0], "subjects": " ".join(subjects)}


def mail_of(typed: str) -> str:
    """An address as it is kept. Raises WrongInput."""
    mail = typed.strip().casefold()
    if len(mail) > 200 or not mail.isprintable() or not MAIL.fullmatch(mail):
        raise WrongInput(mail=say("邮箱的格式不对，例如 name@school.cn。"))
    return mail


def set_mail(session: Session, person: str, mail: str | None) -> None:
    """The person's address from now on, which was proven. Raises WrongInput when it is somebody else's."""
    demand_free(session, but=person, mail=mail)
    try:
        with session.begin_nested():
            session.execute(update(Person).where(col(Person.id) == person).values(mail=mail))
    except IntegrityError:
        raise WrongInput(mail=say("这个邮箱已经有人使用。")) from None


def choose_language(session: Session, person: Person, language: str) -> None:
    """The language in which the person reads the site and gets letters from now on."""
    session.execute(update(Person).where(col(Person.id) == person.id).values(language=language))


def change_role(
    session: Session, by: Person, person: Person, role: str, district: str | None, now: datetime
) -> None:  # fmt: skip
    """Another role, of which the person is told; `district` (an id) limits a moderator.

    With a role that reaches further the person signs in anew, and no ticket of before lets them in. Raises Refusal for
    the bureau's last person, NotThere.
    """
    if role not in MAY["change roles"]:
        demand_not_last(session, person.id, now)
    held = hold_person(session, person.id)
    if RANK[role] > RANK[held.role]:
        drop_tickets(session, held.id)
        sign_out_everywhere(session, held.id)
    district = district if REACH[role] == "district" else None
    changed = (role, district) != (held.role, held.district)
    session.execute(update(Person).where(col(Person.id) == person.id).values(role=role, district=district))
    if changed:
        told = say("您的角色改为%(role)s", role=NAMES[role])
        if REACH[role] == "district":
            place = session.execute(select(District.name).where(col(District.id) == district)).scalar_one_or_none()
            told = say("您的角色改为%(role)s，负责%(place)s", role=NAMES[role], place=place or say("全市"))
        tell(session, "decision", [person.id], now, by=by.id, address="/me", said=told)


def hold_bureau(session: Session) -> Sequence[str]:
    """Everybody of the bureau (ids), locked: comes before any other person is held."""
    bureau = select(Person.id).where(col(Person.role).in_(MAY["change roles"]), col(Person.closed_at).is_(None))
    return session.exec(bureau.order_by(col(Person.id)).with_for_update()).all()


def demand_not_last(session: Session, person: str, now: datetime) -> None:
    """Raise Refusal if nobody else of the bureau could sign in at present. Two at once wait for each other."""
    there = hold_bureau(session)
    if person not in there:
        return
    others = (
        select(Person.id)
        .join(Credential, col(Credential.person) == col(Person.id))
        .where(col(Person.id).in_(there), col(Person.id) != person, ~is_suspended(now))
    )
    if session.exec(others.limit(1)).first() is None:
        raise Refusal(say("这是教育局最后一位能登录的管理员；请先让另一位同事成为管理员，或解除停用。"))
