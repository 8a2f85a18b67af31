"""What a role may do: one table, that people can read."""

from typing import Final

from community.people import ROLES, Person
from community.refusals import NotAllowed
from community.words import say

__all__ = ["MAY", "NAMES", "RANK", "ROLES", "demand", "may"]

MAY: Final = {
    "open topics and reply": {"teacher", "moderator", "school", "bureau"},
    "see the roll": {"moderator", "school", "bureau"},
    "welcome people": {"school", "bureau"},
    "help people in": {"school", "bureau"},
    "take in rosters": {"school", "bureau"},
    "change roles": {"bureau"},
    "report": {"teacher", "moderator", "school", "bureau"},
    "moderate": {"moderator", "bureau"},
    "revoke awards": {"bureau"},
    "cancel redemptions": {"bureau"},
}
RANK: Final = {"teacher": 0, "school": 1, "moderator": 2, "bureau": 3}
"""Which of two roles reaches further."""
NAMES: Final = {
    "teacher": say("教师"),
    "moderator": say("教研员"),
    "school": say("学校管理员"),
    "bureau": say("教育局"),
}


def may(person: Person | None, what: str) -> bool:
    """Whether the person's role reaches so far; nobody in particular may do nothing."""
    return person is not None and person.role in MAY[what]


def looks_after(person: Person | None, district: str) -> bool:
    """Whether the person moderates in this district: a moderator without one does so in all of them."""
    return may(person, "moderate") and person is not None and person.district in (None, district)


def demand(person: Person, what: str) -> None:
    """Raise NotAllowed unless the person may do it."""
    if not may(person, what):
        raise NotAllowed(say("您的角色没有这项权限；如果需要，请联系学校管理员。"))
