"""What was removed in a log and not restored, of whatever kind."""

from typing import Any

from sqlmodel import Session

from community.removals import Removal
from web.demo.from_log.facts import Done, put

MADE = ("share", "open_topic", "found_workshop", "create_activity", "submit")


class Removals:
    """What is gone, by whom and when."""

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self.gone: dict[str, dict[str, Any]] = {}

    def take(self, done: Done) -> None:
        """Have what was removed and restored."""
        if done.verb in MADE:
            self.owners[done.object] = done.actor
        elif done.verb == "remove":
            own = self.owners[done.object] == done.actor
            self.gone[done.object] = {
                "thing": done.object, "number": 0, "by": done.actor, "at": done.at, "reason": "", "own": own,
            }  # fmt: skip
        elif done.verb == "restore":
            del self.gone[done.object]

    def write(self, session: Session) -> None:
        """Have it gone from the site."""
        put(session, Removal, self.gone.values())
