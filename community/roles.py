"""What a role may do: one table, that people can read."""

from typing import Final

from community.people import Person
from community.refusals import NotAllowed
from community.words import say

MAY: Final = {
    "open topics and reply": {"teacher", "moderator", "school", "bureau"},
    "welcome people": {"school", "bureau"},
    "see the roll": {"school", "bureau"},
    "moderate": {"moderator", "bureau"},
}


def may(person: Person | None, what: str) -> bool:
    """Whether the person's role reaches so far; nobody in particular may do nothing."""
    return person is not None and person.role in MAY[what]


def demand(person: Person, what: str) -> None:
    """Raise NotAllowed unless the person may do it."""
    if not may(person, what):
        raise NotAllowed(say("您的角色没有这项权限；如果需要，请联系学校管理员。"))
