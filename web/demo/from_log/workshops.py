"""The workshops of a log: activities, who took part, submissions, and what was recommended and featured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlmodel import Session

from web.demo.from_log.facts import Done, put
from web.demo.from_log.made_up import chosen, number, pool, shown, taught, title
from workshops.activities import Activity, ActivityPhase
from workshops.attendance import Attendance
from workshops.featuring import Featuring
from workshops.members import Member
from workshops.submissions import Submission, Verdict
from workshops.workshops import Workshop, WorkshopState

LASTS: Final = timedelta(days=14)
"""How long an activity is open after the last that somebody did in it."""
BEFORE: Final = timedelta(days=7)
"""How long before it was founded a workshop was applied for."""
READ: Final = 9
"""Of ten submissions that were not recommended, so many have been read."""


@dataclass(slots=True)
class Held:
    """An activity: its workshop and place there, who came when, and what was handed in by whom and when."""

    workshop: str
    number: int
    at: datetime
    last: datetime
    came: dict[str, datetime] = field(default_factory=dict)
    handed_in: dict[str, tuple[str, datetime]] = field(default_factory=dict)


@dataclass(slots=True)
class Founded:
    """A workshop: its host, how many activities, its members since when, and who featured it when."""

    host: str
    at: datetime
    activities: int = 0
    members: dict[str, datetime] = field(default_factory=dict)
    featured: tuple[str, datetime] | None = None


class Workshops:
    """All workshops and activities by id, and when a submission was recommended."""

    def __init__(self) -> None:
        self.founded: dict[str, Founded] = {}
        self.held: dict[str, Held] = {}
        self.recommended: dict[str, datetime] = {}

    def take(self, done: Done) -> None:
        """Have what was founded, created, done there, recommended and featured."""
        match done.verb:
            case "found_workshop":
                self.founded[done.object] = Founded(done.actor, done.at)
            case "create_activity":
                workshop = self.founded[done.details["target"]]
                workshop.activities += 1
                self.held[done.object] = Held(done.details["target"], workshop.activities, done.at, done.at)
            case "take_part":
                self._here(done, self.held[done.object]).came.setdefault(done.actor, done.at)
            case "submit":
                held = self._here(done, self.held[done.details["target"]])
                held.handed_in[done.object] = (done.actor, done.at)
            case "recommend":
                self.recommended[done.object] = done.at
            case "feature":
                self.founded[done.object].featured = (done.actor, done.at)
            case "retract" if done.object in self.held:
                self.held[done.object].came.pop(done.details["teacher"], None)

    def _here(self, done: Done, held: Held) -> Held:
        workshop = self.founded[held.workshop]
        if done.actor != workshop.host:
            workshop.members.setdefault(done.actor, done.at)
        held.last = done.at
        return held

    def write(self, session: Session, districts: Mapping[str, str]) -> None:
        """Have them all on the site."""
        put(session, Workshop, (self._workshop(id, one, districts) for id, one in self.founded.items()))
        put(session, WorkshopState, self._states())
        put(session, Member, self._members())
        put(session, Activity, (self._activity(id, held) for id, held in self.held.items()))
        put(session, ActivityPhase, self._phases())
        put(session, Attendance, self._attendance())
        put(session, Submission, self._submissions())
        put(session, Verdict, self._verdicts())
        put(session, Featuring, self._featured())

    def _workshop(self, id: str, one: Founded, districts: Mapping[str, str]) -> dict[str, Any]:
        stage, subject = taught(id)
        text = chosen(pool().workshop_texts, id, "text")
        return {
            "id": id, "host": one.host, "district": districts[one.host], "title": title(pool().workshops, id),
            "stage": stage, "subject": subject, "text": text, "html": shown(text), "state": "founded",
            "applied_at": one.at - BEFORE, "founded_at": one.at, "members": len(one.members),
            "activities": one.activities,
        }  # fmt: skip

    def _states(self) -> Iterator[dict[str, Any]]:
        for id, one in self.founded.items():
            for place, (state, at) in enumerate((("applied", one.at - BEFORE), ("founded", one.at)), 1):
                yield {"workshop": id, "number": place, "state": state, "by": one.host, "at": at, "words": ""}

    def _members(self) -> Iterator[dict[str, Any]]:
        for id, one in self.founded.items():
            for person, at in one.members.items():
                yield {"workshop": id, "person": person, "at": at, "by": person, "assists": False}

    def _activity(self, id: str, held: Held) -> dict[str, Any]:
        text = chosen(pool().activity_texts, id, "text")
        return {
            "id": id, "workshop": held.workshop, "number": held.number, "kind": self._kind(held),
            "title": f"{chosen(pool().activities, id)}（{held.number}）", "text": text, "html": shown(text),
            "phase": "closed", "opens_at": held.at, "closes_at": held.last + LASTS, "created_at": held.at,
            "secret": sha256(id.encode()).hexdigest()[:40],
        }  # fmt: skip

    def _kind(self, held: Held) -> str:
        return "homework" if held.handed_in else "meeting"

    def _phases(self) -> Iterator[dict[str, Any]]:
        for id, held in self.held.items():
            for place, (phase, at) in enumerate((("open", held.at), ("closed", held.last + LASTS)), 1):
                yield {"activity": id, "number": place, "phase": phase, "by": None, "at": at}

    def _attendance(self) -> Iterator[dict[str, Any]]:
        for id, held in self.held.items():
            for person, at in held.came.items():
                yield {"activity": id, "person": person, "way": "code", "by": person, "at": at}

    def _submissions(self) -> Iterator[dict[str, Any]]:
        for activity, held in self.held.items():
            for id, (author, at) in held.handed_in.items():
                text = chosen(pool().submission_texts, id, "text")
                recommended = self.recommended.get(id)
                yield {
                    "activity": activity, "id": id, "author": author, "title": title(pool().submissions, id),
                    "text": text, "html": shown(text), "standing": "accepted" if self._read(id) else "handed",
                    "first_at": at, "handed_at": at, "recommended_at": recommended,
                    "recommended_for": chosen(pool().recommended, id) if recommended else "",
                }  # fmt: skip

    def _read(self, id: str) -> bool:
        return id in self.recommended or number(id, "read") % 10 < READ

    def _verdicts(self) -> Iterator[dict[str, Any]]:
        for activity, held in self.held.items():
            host = self.founded[held.workshop].host
            for id, (_, at) in held.handed_in.items():
                if self._read(id):
                    yield {
                        "activity": activity, "submission": id, "number": 1, "version": 1, "verdict": "accepted",
                        "by": host, "at": self.recommended.get(id, at), "comment": chosen(pool().accepted, id),
                    }  # fmt: skip

    def _featured(self) -> Iterator[dict[str, Any]]:
        for id, one in self.founded.items():
            if one.featured is not None:
                by, at = one.featured
                yield {"workshop": id, "number": 1, "by": by, "at": at, "reason": "活动扎实，成果可以推广。"}
