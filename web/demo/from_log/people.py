"""The people of a log: a name, a school, a subject each, and the demo's password."""

from datetime import datetime, timedelta

from sqlmodel import Session

from community.passwords import Credential, hashed
from community.people import Person
from community.schools import found_school
from web.demo.cast import PASSWORD
from web.demo.from_log.facts import Done, put
from web.demo.from_log.made_up import name, number, pool, taught
from web.demo.from_log.naming import actor

BEFORE = timedelta(days=1)
"""How long before their first act people have joined."""


class People:
    """Everybody who did something, since when; who removed or featured something moderates."""

    def __init__(self) -> None:
        self.since: dict[str, datetime] = {}
        self.staff: set[str] = set()

    def take(self, done: Done) -> None:
        """Know whoever did it."""
        self.since.setdefault(done.actor, done.at)
        if done.verb in ("remove", "restore", "feature", "revoke"):
            self.staff.add(done.actor)

    def write(self, session: Session) -> dict[str, str]:
        """Have them all on the site; the district of each by id."""
        schools = [
            found_school(session, district, f"{district.removesuffix('区')}{school}")
            for district in pool().districts
            for school in pool().schools
        ]
        password = hashed(PASSWORD)
        places = {id: schools[number(id, "school") % len(schools)] for id in self.since}
        put(session, Person, (self._row(id, places[id].id) for id in self.since))
        put(
            session,
            Credential,
            ({"person": id, "password": password, "changed_at": at - BEFORE} for id, at in self.since.items()),
        )
        return {id: school.district for id, school in places.items()}

    def _row(self, id: str, school: str) -> dict[str, object]:
        stage, subject = taught(id)
        return {
            "id": id, "name": name(id), "staff_number": actor(id).casefold()[:100], "school": school, "stage": stage,
            "subject": subject, "role": "moderator" if id in self.staff else "teacher",
            "joined_at": self.since[id] - BEFORE,
        }  # fmt: skip
