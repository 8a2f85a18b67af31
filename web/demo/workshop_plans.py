"""What workshops/*.toml have of the demo's workshops: a year's, in the words and at the times that are theirs."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

FOLDER: Final = Path(__file__).with_name("workshops")


class Work(msgspec.Struct):
    """Something that is handed in."""

    title: str
    text: str


class Said(msgspec.Struct):
    """A post in a discussion."""

    by: str
    text: str


class Asked(msgspec.Struct):
    """A question of a survey."""

    kind: str
    text: str
    choices: list[str] = []


class Struck(msgspec.Struct):
    """An attendance that was noted by mistake."""

    who: str
    at: float
    reason: str


class Activity(msgspec.Struct):
    """An activity: `who` comes in this order, the first so many of them hand in, some of that is recommended and `why`.

    Of what was handed in so much is still `unread`, and some was `returned`. It goes on (`open`) or is yet to come
    (`planned`); else it is over.
    """

    key: str
    title: str
    kind: str
    at: float
    text: str
    where: str = ""
    who: list[str] = []
    submitted: int = 0
    recommended: list[str] = []
    why: list[str] = []
    unread: int = 0
    returned: dict[str, str] = {}
    summary: str = ""
    posts: list[Said] = []
    questions: list[Asked] = []
    answers: list[str] = []
    struck: list[Struck] = []
    open: bool = False
    planned: bool = False


class Announced(msgspec.Struct):
    """An announcement."""

    at: float
    text: str


class Workshop(msgspec.Struct):
    """A workshop: founded at a place in the year (0 to 1), or only `applied` for; what became of it, and why.

    Its `cover` is a drawing.
    """

    key: str
    title: str
    by: str
    stage: str
    subject: str
    text: str
    at: float | None = None
    applied: float | None = None
    returned: float | None = None
    why_returned: str = ""
    featured: float | None = None
    why_featured: str = ""
    closed: float | None = None
    why_closed: str = ""
    cover: str = ""
    assistants: list[str] = []
    invited: list[str] = []
    works: list[Work] = []
    announcement: list[Announced] = []
    activity: list[Activity] = []


class Held(msgspec.Struct):
    """All of a year."""

    workshop: list[Workshop]


def held_in(file: str) -> Sequence[Workshop]:
    """All of a file."""
    return msgspec.convert(tomllib.loads((FOLDER / file).read_text("utf-8")), Held).workshop
