"""How people come in: welcomed with a first password or an invitation, and let in again by a reset."""

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from community.letters import write_letter
from community.passwords import Hashed, Proof, demand_still, password_of, set_password
from community.people import Person, hold_person, person_called, welcome
from community.profiles import set_mail
from community.refusals import Refusal, WrongInput
from community.second_factors import drop_second_factor
from community.sign_ins import sign_out_everywhere
from community.tickets import Ticket, drop_tickets, make_ticket, ticket_of, use_ticket
from community.words import say

LETTING_IN: Final = ("invitation", "mail", "slip")


def welcome_with_password(session: Session, now: datetime, password: Hashed, **who: Any) -> Person:
    """A new person who signs in with this first password. Raises WrongInput as `people.welcome` does."""
    person = welcome(session, now, **who)
    set_password(session, person.id, password, now)
    return person


def invite(session: Session, person: Person, by: Person, now: datetime) -> str:
    """The secret of an invitation, by which the person sets a first password. Raises Refusal once they have."""
    if password_of(session, person) is not None:
        raise Refusal(say("这位老师已经激活；忘了密码请打印重设密码的纸条。"))
    return make_ticket(session, "invitation", person.id, by.id, now)


def print_slip(session: Session, person: Person, by: Person, now: datetime) -> str:
    """The secret of a slip that lets the person in again, on paper; the person is told by mail."""
    secret = make_ticket(session, "slip", person.id, by.id, now)
    write_letter(session, person.mail, say("有人为您打印了重设密码的纸条"), say(
        "%(name)s 老师：\n\n%(by)s 刚刚为您打印了重设密码的纸条，24 小时内可用一次。如果不是您要求的，请联系学校。",
        name=person.name, by=by.name,
    ), now, person.language)  # fmt: skip
    return secret


def mail_reset(session: Session, name: str, site: str, now: datetime) -> None:
    """Mail a link for a new password to whoever is called so and has an address; nobody is told whether it was."""
    named = person_called(session, name)
    person = hold_person(session, named.id) if named is not None else None
    if person is None or person.mail is None:
        return
    secret = make_ticket(session, "mail", person.id, person.id, now)
    write_letter(session, person.mail, say("重设共研的密码"), say(
        "%(name)s 老师：\n\n请在 1 小时内打开下面的链接，设置新的密码：\n%(link)s\n\n如果不是您要求的，不用理会。",
        name=person.name, link=f"{site}/password/{secret}",
    ), now, person.language)  # fmt: skip


def ticket_letting_in(session: Session, secret: str, now: datetime) -> tuple[Ticket, Person]:
    """A ticket that gives a new password, and whose it is. Raises NotThere."""
    return ticket_of(session, secret, LETTING_IN, now)


def let_in(session: Session, secret: str, password: Hashed, now: datetime) -> Person:
    """Set the password by a ticket; all sign-ins end, and the person is told. Raises NotThere."""
    ticket, person = ticket_letting_in(session, secret, now)
    hold_person(session, person.id)
    use_ticket(session, ticket, now)
    _new_password(session, person, password, now)
    return person


def change_password(session: Session, proof: Proof, password: Hashed, this: str, now: datetime) -> None:
    """A new password; all sign-ins end but this one (its id), and the person is told. Raises as demand_still."""
    _new_password(session, demand_still(session, proof), password, now, this)


def ask_for_mail(session: Session, proof: Proof, mail: str, site: str, now: datetime) -> None:
    """Mail a link to the new address that proves it; it changes when the link is followed. Raises as demand_still."""
    person = demand_still(session, proof)
    owner = person_called(session, mail)
    if owner is not None:
        # Whose address it is, is nobody's business: its owner is told, nothing else.
        write_letter(session, mail, say("有人想使用您的邮箱"), say(
            "您好：\n\n有人想在共研把这个邮箱填为自己的邮箱。它已经是您的，什么都没有改变，您不用做什么。"
        ), now, owner.language)  # fmt: skip
        return
    secret = make_ticket(session, "address", person.id, person.id, now, mail)
    write_letter(session, mail, say("确认您的邮箱"), say(
        "%(name)s 老师：\n\n请在 1 小时内打开下面的链接，确认这是您的邮箱：\n%(link)s\n\n如果不是您要求的，不用理会。",
        name=person.name, link=f"{site}/me/mail/{secret}",
    ), now, person.language)  # fmt: skip


def take_mail(session: Session, person: Person, secret: str, now: datetime) -> None:
    """The address of this ticket is the person's from now on; the one before is told. Raises NotThere, WrongInput."""
    ticket, whose = ticket_of(session, secret, ("address",), now)
    if whose.id != person.id or ticket.address is None:
        raise WrongInput(form=say("这个链接不是给您的，请用收到信的账号登录。"))
    hold_person(session, whose.id)
    use_ticket(session, ticket, now)
    change_mail(session, whose.id, ticket.address, now)


def change_mail(session: Session, id: str, mail: str, now: datetime) -> None:
    """The person's address from now on. The one before, if any, is told, and nobody is let in by what was sent there.

    Raises WrongInput when it is somebody else's, NotThere.
    """
    person = hold_person(session, id)
    before = person.mail
    set_mail(session, id, mail)
    if before is None:
        return
    drop_tickets(session, id)
    write_letter(session, before, say("您的邮箱已更改"), say(
        "%(name)s 老师：\n\n您在共研的邮箱刚刚改为另一个。如果不是您本人要求的，请立即联系学校管理员或教育局。",
        name=person.name,
    ), now, person.language)  # fmt: skip


def remove_second_factor(session: Session, person: Person, by: Person, now: datetime) -> None:
    """For somebody whose phone and recovery codes are gone: they enrol anew. All sign-ins end, the person is told."""
    hold_person(session, person.id)
    drop_second_factor(session, person.id)
    sign_out_everywhere(session, person.id)
    write_letter(session, person.mail, say("您的两步验证已被关闭"), say(
        "%(name)s 老师：\n\n%(by)s 关闭了您的两步验证，所有登录都已退出。如果您没有要求过，请立即联系教育局。",
        name=person.name, by=by.name,
    ), now, person.language)  # fmt: skip


def _new_password(session: Session, person: Person, password: Hashed, now: datetime, this: str = "") -> None:
    """For a person who is held."""
    set_password(session, person.id, password, now)
    drop_tickets(session, person.id)
    sign_out_everywhere(session, person.id, but=this)
    write_letter(session, person.mail, say("您的密码已更改"), say(
        "%(name)s 老师：\n\n您的密码刚刚更改，其他设备上的登录都已退出。如果不是您本人操作，请立即联系学校管理员。",
        name=person.name,
    ), now, person.language)  # fmt: skip
