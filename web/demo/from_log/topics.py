"""The topics of a log and their replies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from community.readings import Reading
from community.removals import Removal
from community.replies import Reply
from community.topics import Topic
from web.demo.from_log.facts import Done, put
from web.demo.from_log.made_up import chosen, pool, shown, taught, title


@dataclass(slots=True)
class Talk:
    """A topic: who opened it and when, its replies in order, and those withdrawn since: number, by whom, when."""

    author: str
    at: datetime
    replies: list[tuple[str, datetime]] = field(default_factory=list)
    withdrawn: dict[int, tuple[str, datetime]] = field(default_factory=dict)


class Topics:
    """All topics by id."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}

    def take(self, done: Done) -> None:
        """Have what was opened, replied and withdrawn."""
        if done.verb == "open_topic":
            self.talks[done.object] = Talk(done.actor, done.at)
        elif done.verb == "reply":
            self.talks[done.object].replies.append((done.actor, done.at))
        elif done.verb == "retract" and done.object in self.talks:
            talk = self.talks[done.object]
            for number, (author, _) in enumerate(talk.replies, 1):
                if author == done.details["teacher"]:
                    talk.withdrawn.setdefault(number, (done.actor, done.at))

    def write(self, session: Session, districts: Mapping[str, str]) -> None:
        """Have them all on the site; who took part follows."""
        put(session, Topic, (self._topic(id, talk, districts) for id, talk in self.talks.items()))
        put(session, Reply, self._replies())
        put(session, Reading, self._readings())
        put(session, Removal, self._removals())

    def _topic(self, id: str, talk: Talk, districts: Mapping[str, str]) -> dict[str, Any]:
        stage, subject = taught(id)
        text = chosen(pool().topic_texts, id, "text")
        return {
            "id": id, "author": talk.author, "district": districts[talk.author], "title": title(pool().topics, id),
            "stage": stage, "subject": subject, "text": text, "html": shown(text), "opened_at": talk.at,
            "latest_at": talk.replies[-1][1] if talk.replies else talk.at, "replies": len(talk.replies),
            "standing": len(talk.replies) - len(talk.withdrawn),
        }  # fmt: skip

    def _replies(self) -> Iterator[dict[str, Any]]:
        for id, talk in self.talks.items():
            for number, (author, at) in enumerate(talk.replies, 1):
                text = chosen(pool().replies, f"{id} {number}")
                yield {
                    "topic": id, "number": number, "author": author, "text": text, "html": shown(text), "at": at,
                }  # fmt: skip

    def _readings(self) -> Iterator[dict[str, Any]]:
        for id, talk in self.talks.items():
            read = {talk.author: 0} | {author: number for number, (author, _) in enumerate(talk.replies, 1)}
            for person, number in read.items():
                yield {"topic": id, "person": person, "read": number, "follows": True}

    def _removals(self) -> Iterator[dict[str, Any]]:
        for id, talk in self.talks.items():
            for number, (by, at) in talk.withdrawn.items():
                own = talk.replies[number - 1][0] == by
                yield {"thing": id, "number": number, "by": by, "at": at, "reason": "", "own": own}
