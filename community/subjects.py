"""Subjects: what can be reported and removed, each known by a word such as topic-0198… or topic-0198….3 (its reply)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from community.people import Person, people_by_id
from community.refusals import NotThere
from community.removals import Removal, removal_of
from community.resource_subjects import COMMENT, RESOURCE
from community.staff import demand_district, demand_over_author
from community.subject_kinds import Place, SubjectKind
from community.topic_subjects import REPLY, TOPIC
from community.words import say

NOTHING: Final = say("没有找到要处理的内容。")


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing, or what is numbered within it (`number`), with what people and staff need to know of it."""

    id: str
    kind: SubjectKind
    thing: str
    number: int
    title: str
    html: str
    author: Person
    district: str
    removal: Removal | None

    @property
    def address(self) -> str:
        """Where it is shown."""
        return self.kind.address(self.thing, self.number)


def judge(kind: SubjectKind) -> SubjectKind:
    """Have one more kind of subjects: for what lives on a floor above."""
    KINDS[kind.thing, kind.numbered] = kind
    return kind


def subject_called(session: Session, id: str) -> Subject:
    """The subject by its word, standing or removed. Raises NotThere."""
    found = find_subject(session, id)
    if found is None:
        raise NotThere(NOTHING)
    return found


def find_subject(session: Session, id: str) -> Subject | None:
    """The same; None where there is none of this word."""
    if not _is_word(id):
        return None
    kind, (thing, number) = kind_of(id), place_of(id)
    found = kind.find(session, thing, number) if kind else None
    if kind is None or found is None:
        return None
    author = people_by_id(session, [found.author])[found.author]
    return Subject(
        id, kind, thing, number, found.title, found.html, author, found.district, removal_of(session, thing, number)
    )


def kind_of(id: str) -> SubjectKind | None:
    """What a word calls, as far as it tells."""
    thing, _, number = id.partition(".")
    return KINDS.get((thing.partition("-")[0], bool(number)))


def place_of(id: str) -> Place:
    """The thing, and the number within it (else 0), that a word of a subject calls."""
    thing, _, number = id.partition(".")
    return thing, int(number or 0)


def authors_of(session: Session, subjects: Iterable[str]) -> dict[str, Person]:
    """Who wrote the subjects that are there, by their words; in one statement a kind, and one more."""
    by_kind: dict[SubjectKind, list[str]] = {}
    for id in subjects:
        if (kind := kind_of(id)) is not None:
            by_kind.setdefault(kind, []).append(id)
    wrote: dict[str, str] = {}
    for kind, ids in by_kind.items():
        authors = kind.authors(session, [place_of(id) for id in ids])
        wrote |= {id: authors[place] for id in ids if (place := place_of(id)) in authors}
    people = people_by_id(session, set(wrote.values()))
    return {id: people[author] for id, author in wrote.items()}


def standing_subject(session: Session, reader: Person, id: str) -> Subject:
    """The subject, if the reader sees it. Raises NotThere, also when it, or the thing that it is in, is gone."""
    found = subject_called(session, id)
    if not found.kind.seen_by(session, reader, found.thing, found.number):
        raise NotThere(NOTHING)
    if found.removal is not None or gone_around(session, found):
        raise NotThere(say("这条内容已被撤回或移除。"))
    return found


def gone_around(session: Session, subject: Subject) -> bool:
    """Whether something that the subject is in is gone."""
    around = [
        *subject.kind.within(session, subject.thing, subject.number),
        *([subject.thing] if subject.number else []),
    ]
    return any(removal_of(session, thing) is not None for thing in dict.fromkeys(around))


def subject_for(session: Session, staff: Person, id: str) -> Subject:
    """The subject, if it lies where the staff looks after. Raises NotThere, NotAllowed."""
    found = subject_called(session, id)
    demand_district(staff, found.district)
    return found


def subject_to_judge(session: Session, staff: Person, id: str) -> Subject:
    """The same, if its author, too, is somebody whom the staff acts upon. Raises NotThere, NotAllowed."""
    found = subject_for(session, staff, id)
    demand_over_author(staff, found.author)
    return found


KINDS: Final[dict[tuple[str, bool], SubjectKind]] = {
    (kind.thing, kind.numbered): kind for kind in (TOPIC, REPLY, RESOURCE, COMMENT)
}


def _is_word(id: str) -> bool:
    """Whether it could be one: numbers are from 1 on, as people write them."""
    thing, dot, number = id.partition(".")
    if not dot:
        return bool(thing)
    return number.isascii() and number.isdecimal() and number == str(int(number[:9])) and number != "0"
