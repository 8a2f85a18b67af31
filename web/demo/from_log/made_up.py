"""What is made up: by its id everybody and everything always gets the same name and text."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

import msgspec

from community.schools import STAGES, SUBJECTS
from community.texts import html_of


class Pool(msgspec.Struct):
    """What is chosen from."""

    surnames: str
    given: str
    districts: list[str]
    schools: list[str]
    topics: list[str]
    topic_texts: list[str]
    replies: list[str]
    resources: list[str]
    resource_texts: list[str]
    comments: list[str]
    workshops: list[str]
    workshop_texts: list[str]
    activities: list[str]
    activity_texts: list[str]
    submissions: list[str]
    submission_texts: list[str]
    recommended: list[str]
    accepted: list[str]


@cache
def pool() -> Pool:
    """All of it, from the file."""
    return msgspec.convert(tomllib.loads(Path(__file__).with_name("made_up.toml").read_text("utf-8")), Pool)


def number(id: str, what: str) -> int:
    """A number that the id always has."""
    return crc32(f"{what} {id}".encode())


def chosen(of: Sequence[str], id: str, what: str = "") -> str:
    """One of these, always the same for the id."""
    return of[number(id, what) % len(of)]


def name(id: str) -> str:
    """A name of two or three characters."""
    given = pool().given
    one, two = number(id, "one") % len(given), number(id, "two") % len(given)
    return chosen(pool().surnames, id) + given[one] + (given[two] if number(id, "long") % 5 else "")


def taught(id: str) -> tuple[str, str]:
    """A stage and a subject."""
    return chosen(STAGES, id, "stage"), chosen(SUBJECTS, id, "subject")


def title(of: Sequence[str], id: str) -> str:
    """A title, with what it is for."""
    stage, subject = taught(id)
    return f"{stage}{subject}：{chosen(of, id)}"


@cache
def shown(text: str) -> str:
    """The HTML of a text."""
    return html_of(text)
