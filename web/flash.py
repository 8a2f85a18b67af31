"""What the next page says once: that something was done, and what it brought. Carried by a cookie."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Final

import msgspec
from fastapi import Request
from fastapi.responses import Response

from community.words import Sentence
from points.ledger import Gain

COOKIE: Final = "flash"
MOST: Final = 3
"""Awards that are named one by one."""


class Flash(msgspec.Struct):
    """A sentence by its pattern and what is put in (a sentence in brackets), and awards: points, and their rule."""

    pattern: str = ""
    given: dict[str, str | tuple[str]] = msgspec.field(default_factory=dict)
    awards: list[tuple[int, str]] = msgspec.field(default_factory=list)

    @property
    def sentence(self) -> Sentence:
        """The sentence; empty without one."""
        given = {name: one if isinstance(one, str) else Sentence(one[0], {}) for name, one in self.given.items()}
        return Sentence(self.pattern, given)


def flash(answer: Response, sentence: Sentence | None = None, gains: Sequence[Gain] = (), teacher: str = "") -> None:
    """Have the next page say the sentence, and the awards among these gains that are the teacher's."""
    awards = [(gain.counted, gain.rule) for gain in gains if gain.teacher == teacher and gain.rule and gain.counted > 0]
    said = Flash(awards=awards[:MOST])
    if sentence is not None:
        said.pattern = sentence.pattern
        said.given = {
            name: (str(one),) if isinstance(one, Sentence) else str(one) for name, one in sentence.given.items()
        }
    value = urlsafe_b64encode(msgspec.json.encode(said)).decode()
    answer.set_cookie(COOKIE, value, max_age=60, httponly=True, samesite="lax")


def flash_of(request: Request) -> Flash | None:
    """What this page is to say; None without, or when the cookie is not ours."""
    try:
        flash = msgspec.json.decode(urlsafe_b64decode(request.cookies.get(COOKIE, "")), type=Flash)
        str(flash.sentence)  # raises what is caught below
        return flash
    except (ValueError, TypeError, KeyError):
        return None
