"""What a role may do, on whom, and how far it reaches: tables that people can read, and all that follows from them."""

from typing import Final

from community.people import ROLES, Person
from community.refusals import NotAllowed
from community.words import say

__all__ = ["MAY", "NAMES", "RANK", "REACH", "ROLES", "STAFF", "demand", "may"]

MAY: Final = {
    "open topics and reply": {"teacher", "moderator", "school", "bureau"},
    "share resources": {"teacher", "moderator", "school", "bureau"},
    "host workshops": {"teacher", "moderator", "school", "bureau"},
    "see the roll": {"moderator", "school", "bureau"},
    "welcome people": {"school", "bureau"},
    "help people in": {"school", "bureau"},
    "take in rosters": {"school", "bureau"},
    "welcome people to any school": {"bureau"},
    "see the school's room": {"school"},
    "see all schools' room": {"bureau"},
    "change roles": {"bureau"},
    "report": {"teacher", "moderator", "school", "bureau"},
    "moderate": {"moderator", "bureau"},
    "act on everybody": {"bureau"},
    "answer alone against their own acts": {"bureau"},
    "revoke awards": {"bureau"},
    "cancel redemptions": {"bureau"},
}
RANK: Final = {"teacher": 0, "school": 1, "moderator": 2, "bureau": 3}
"""Which of two roles stands higher."""
REACH: Final = {"teacher": "themselves", "school": "school", "moderator": "district", "bureau": "everybody"}
"""Whom a role looks after; a moderator without a district, everybody."""
STAFF: Final = frozenset({"moderator", "school", "bureau"})
"""Roles whose sign-in opens more than their own account: they take a second factor."""
NAMES: Final = {
    "teacher": say("教师"),
    "moderator": say("教研员"),
    "school": say("学校管理员"),
    "bureau": say("教育局"),
}


def may(person: Person | None, what: str) -> bool:
    """Whether the person's role reaches so far; nobody in particular may do nothing."""
    return person is not None and person.role in MAY[what]


def reach(person: Person) -> str:
    """Whom the person looks after: "themselves", the own "school" or "district", or "everybody"."""
    reached = REACH[person.role]
    return "everybody" if reached == "district" and person.district is None else reached


def looks_after(person: Person | None, district: str) -> bool:
    """Whether the person moderates in this district: a moderator without one does so in all of them."""
    return may(person, "moderate") and person is not None and person.district in (None, district)


def keeps_words(person: Person | None) -> bool:
    """Whether the person keeps the word list: who moderates everywhere."""
    return may(person, "moderate") and person is not None and reach(person) == "everybody"


def acts_on(staff: Person, person: Person) -> bool:
    """Whether the person's role lets the staff act on them and what they wrote: below one's own; the bureau on all."""
    return may(staff, "act on everybody") or RANK[person.role] < RANK[staff.role]


def is_above(role: str, staff: Person) -> bool:
    """Whether what somebody did in this role is undone and answered for higher up than by the staff."""
    return RANK[role] > RANK[staff.role]


def helped_by(staff: Person) -> list[str]:
    """The roles of those whom the staff may let in: none that stands higher."""
    return [role for role in ROLES if may(staff, "help people in") and RANK[role] <= RANK[staff.role]]


def demand_own(person: Person, author: str) -> None:
    """Raise NotAllowed unless it is the person's own."""
    if person.id != author:
        raise NotAllowed(say("只有作者本人可以这样做。"))


def demand(person: Person, what: str) -> None:
    """Raise NotAllowed unless the person may do it."""
    if not may(person, what):
        raise NotAllowed(say("您的角色没有这项权限；如果需要，请联系学校管理员。"))
