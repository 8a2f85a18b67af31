"""What the community knows about a person, for the person to take along."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, SQLModel, and_, col, or_, select

from community.access import person_shown
from community.appeals import Appeal
from community.certificates import Consent
from community.collections import Collected
from community.downloads import Download
from community.drafts import Draft
from community.files import File
from community.letters import Letter
from community.notices import Notice, NoticeWish
from community.people import Person
from community.ratings import Rating
from community.readings import Reading
from community.receipts import Receipt
from community.removals import Removal
from community.replies import Reply
from community.reports import Report
from community.resources import Edition, Part, Resource
from community.restrictions import Restriction
from community.review import HeldText
from community.rosters import Roster
from community.sign_ins import SignIn, sign_ins_of
from community.staff_log import StaffAction
from community.topics import Topic
from community.uploads import Upload
from community.versions import Version
from points.tables import FactRow, WordsRow

Rows = list[dict[str, Any]]

OWN: Final[dict[str, tuple[Any, tuple[str, ...]]]] = {
    "notices": (Notice.person, ("at", "kind", "address", "given", "read_at")),
    "notice-wishes": (NoticeWish.person, ("kind", "way", "wanted")),
    "drafts": (Draft.person, ("at", "place", "fields")),
    "follows": (Reading.person, ("topic", "read", "follows")),
    "appeals": (
        Appeal.person, ("at", "id", "entry", "words", "due_at", "decided_at", "verdict", "answer"),
    ),
    "reports": (
        Report.reporter,
        ("at", "id", "subject", "title", "kind", "words", "due_at", "answered_at", "answer", "reason"),
    ),
    "held-texts": (
        HeldText.author,
        ("at", "id", "kind", "place", "title", "fields", "found", "due_at", "decided_at", "verdict", "reason",
         "published"),
    ),
    "restrictions": (Restriction.person, ("at", "kind", "until", "reason", "lifted_at")),
    "decisions": (StaffAction.person, ("at", "role", "action", "subject", "title", "ground", "reason")),
    "pictures": (File.owner, ("at", "id", "kind", "bytes")),
    "uploads": (Upload.owner, ("began_at", "id", "name", "kind", "bytes", "arrived_at")),
    "ratings": (Rating.person, ("at", "resource", "number", "stars", "text")),
    "collection": (Collected.person, ("at", "resource")),
    "downloads": (Download.person, ("at", "resource")),
    "consents": (Consent.person, ("year", "at")),
    "receipts": (Receipt.teacher, ("at", "number", "year", "fact", "name", "school")),
    "rosters": (Roster.person, ("at", "file", "taken_at", "handed_at")),
}  # fmt: skip
"""Whose rows they are, and what of them is taken along, in the order of the first: by the name of what they are.

Floors above add theirs, here, to JOINED and to OF_OWN.
"""


def own_data(session: Session, person: str, now: datetime) -> dict[str, Rows]:
    """All that is known of the person, but what opens the account and what belongs to others: rows by what they are."""
    joined = {noun: rows(session, person, now) for noun, (_, rows) in JOINED.items()}
    return joined | {noun: _own(session, person, noun) for noun in OWN}


def _own(session: Session, person: str, noun: str) -> Rows:
    whose, columns = OWN[noun]
    asked = [getattr(whose.class_, name) for name in columns]
    found = session.execute(select(*asked).where(whose == person).order_by(asked[0]))
    return [dict(zip(columns, row, strict=True)) for row in found]


def _profile(session: Session, person: str, now: datetime) -> Rows:
    known = person_shown(session, person)
    me = known.person
    return [
        {
            "id": me.id, "name": me.name, "staff_number": me.staff_number, "mail": me.mail,
            "district": known.district.name, "school": known.school.name, "stage": me.stage,
            "subjects": "、".join(me.all_subjects), "role": me.role, "language": me.language,
            "joined_at": me.joined_at,
        }
    ]  # fmt: skip


def _topics(session: Session, person: str, now: datetime) -> Rows:
    return [
        {
            "id": topic.id, "title": topic.title, "text": topic.text, "tags": topic.tags, "stage": topic.stage,
            "subject": topic.subject, "opened_at": topic.opened_at, "edited_at": topic.edited_at,
        }
        for topic in session.exec(select(Topic).where(col(Topic.author) == person).order_by(col(Topic.opened_at)))
    ]  # fmt: skip


def _replies(session: Session, person: str, now: datetime) -> Rows:
    found = session.exec(
        select(Reply, Topic.title)
        .where(col(Reply.author) == person, col(Topic.id) == col(Reply.topic))
        .order_by(col(Reply.at))
    )
    return [
        {"topic": reply.topic, "title": title, "number": reply.number, "text": reply.text, "at": reply.at,
         "edited_at": reply.edited_at}
        for reply, title in found
    ]  # fmt: skip


def _resources(session: Session, person: str, now: datetime) -> Rows:
    return [
        {
            "id": one.id, "title": one.title, "text": one.text, "kind": one.kind, "stage": one.stage,
            "subject": one.subject, "licence": one.licence, "version": one.version, "shared_at": one.shared_at,
            "edited_at": one.edited_at,
        }
        for one in session.exec(
            select(Resource).where(col(Resource.author) == person).order_by(col(Resource.shared_at))
        )
    ]  # fmt: skip


def _parts(session: Session, person: str, now: datetime) -> Rows:
    """The files and links of all versions of the person's resources, and what was said of each version."""
    found = session.exec(
        select(Edition, Part)
        .where(col(Part.resource) == col(Edition.resource), col(Part.version) == col(Edition.version))
        .where(col(Resource.author) == person, col(Resource.id) == col(Edition.resource))
        .order_by(col(Part.resource), col(Part.version), col(Part.number))
    )
    return [
        {"resource": part.resource, "version": part.version, "words": edition.words, "at": edition.at,
         "name": part.name, "upload": part.upload, "link": part.link}
        for edition, part in found
    ]  # fmt: skip


def _versions(session: Session, person: str, now: datetime) -> Rows:
    found = session.exec(
        select(Version)
        .where(_of_own_post(person, Version.topic, Version.number))
        .order_by(col(Version.topic), col(Version.number), col(Version.version))
    )
    return [
        {"thing": one.topic, "number": one.number, "version": one.version, "title": one.title, "text": one.text,
         "licence": one.licence, "at": one.at}
        for one in found
    ]  # fmt: skip


def _removals(session: Session, person: str, now: datetime) -> Rows:
    gone = select(Removal).where(_of_own_post(person, Removal.thing, Removal.number)).order_by(col(Removal.at))
    return [
        {"thing": one.thing, "number": one.number, "own": one.own, "reason": one.reason, "at": one.at}
        for one in session.exec(gone)
    ]


def _of_own_post(person: str, thing: Any, number: Any) -> Any:
    """The clause that it is about what the person has made."""
    return or_(*(of_own(person, thing, number) for of_own in OF_OWN))


def _of_own_topic(person: str, thing: Any, number: Any) -> Any:
    """The same of a topic or a resource (number 0), a reply or a comment."""
    topics = select(Topic.id).where(col(Topic.author) == person)
    resources = select(Resource.id).where(col(Resource.author) == person)
    reply = select(Reply.number).where(
        col(Reply.author) == person, col(Reply.topic) == thing, col(Reply.number) == number
    )
    comment = select(Rating.number).where(
        col(Rating.person) == person, col(Rating.resource) == thing, col(Rating.number) == number
    )
    own = or_(thing.in_(topics), thing.in_(resources))
    return or_(and_(number == 0, own), reply.exists(), comment.exists())


OF_OWN: Final[list[Callable[[str, Any, Any], Any]]] = [_of_own_topic]
"""Clauses that a thing, and a number within it, are the person's own: what was edited or removed of theirs."""


def _sign_ins(session: Session, person: str, now: datetime) -> Rows:
    return [
        {"began_at": one.began_at, "seen_at": one.seen_at, "agent": one.agent, "address": one.address}
        for one in sign_ins_of(session, person, now)
    ]


def _letters(session: Session, person: str, now: datetime) -> Rows:
    """Without their texts: links in them let people in."""
    found = session.exec(
        select(Letter)
        .where(col(Letter.address) == col(Person.mail), col(Person.id) == person)
        .order_by(col(Letter.written_at))
    )
    return [{"subject": one.subject, "written_at": one.written_at, "sent_at": one.sent_at} for one in found]


def _facts(session: Session, person: str, now: datetime) -> Rows:
    """What the ledger was told that the person did, with the words that came along."""
    found = session.exec(
        select(FactRow, WordsRow.words)
        .join(WordsRow, col(WordsRow.fact) == col(FactRow.id), isouter=True)
        .where(col(FactRow.actor) == person)
        .order_by(col(FactRow.position))
    )
    return [
        {"id": fact.id, "happened_at": fact.happened_at, "verb": fact.verb, "object": fact.object,
         "details": fact.details, "words": words}
        for fact, words in found
    ]  # fmt: skip


JOINED: Final[dict[str, tuple[tuple[type[SQLModel], ...], Callable[[Session, str, datetime], Rows]]]] = {
    "profile": ((Person,), _profile),
    "topics": ((Topic,), _topics),
    "replies": ((Reply,), _replies),
    "resources": ((Resource,), _resources),
    "resource-files": ((Edition, Part), _parts),
    "versions": ((Version,), _versions),
    "removals": ((Removal,), _removals),
    "sign-ins": ((SignIn,), _sign_ins),
    "letters": ((Letter,), _letters),
    "facts": ((FactRow, WordsRow), _facts),
}
"""What more tables than its own say whose it is, or how it is told: the tables that it tells of, and its rows."""
