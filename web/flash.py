"""What the next page says once: that something was done, and what it brought. Carried by a cookie.

A cookie may come from somewhere else: what it has a page say is one of our sentences, with nothing put in but numbers
and sentences of ours.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from community.words import Sentence
from points.ledger import Gain
from web.cookies import FLASH
from web.languages import is_text_of_ours
from web.visit import Visit

MOST: Final = 3
"""Awards that are named one by one."""
PLACES: Final = re.compile(r"%\((\w+)\)s")


class Flash(msgspec.Struct):
    """A sentence by its pattern and what is put in (a sentence in brackets), and awards: points, and their rule."""

    pattern: str = ""
    given: dict[str, int | tuple[str]] = msgspec.field(default_factory=dict)
    awards: Annotated[list[tuple[int, str]], msgspec.Meta(max_length=MOST)] = msgspec.field(default_factory=list)

    @property
    def sentence(self) -> Sentence:
        """The sentence; empty without one."""
        given = {name: one if isinstance(one, int) else Sentence(one[0], {}) for name, one in self.given.items()}
        return Sentence(self.pattern, given)

    @property
    def is_ours(self) -> bool:
        """Whether all that it says are texts of ours, each with what belongs into it."""
        said = [one[0] for one in self.given.values() if not isinstance(one, int)]
        return (
            all(map(is_text_of_ours, [self.pattern, *said] if self.pattern else said))
            and {*PLACES.findall(self.pattern)} == self.given.keys()
            and not any(map(PLACES.search, said))
        )


def flash(
    here: Visit, answer: Response, sentence: Sentence | None = None, gains: Sequence[Gain] = (), teacher: str = ""
) -> None:
    """Have the next page say the sentence, and the awards among these gains that are the teacher's.

    Only numbers and sentences without anything put in can be put into it.
    """
    awards = [(gain.counted, gain.rule) for gain in gains if gain.teacher == teacher and gain.rule and gain.counted > 0]
    said = Flash(awards=awards[:MOST])
    if sentence is not None:
        said.pattern = sentence.pattern
        said.given = {name: (str(one),) if isinstance(one, str) else int(one) for name, one in sentence.given.items()}
    FLASH.give(here.request, answer, urlsafe_b64encode(msgspec.json.encode(said)).decode())


def lead_on(here: Visit, location: str, sentence: Sentence) -> RedirectResponse:
    """The way to a page that says the sentence."""
    answer = RedirectResponse(location, 303)
    flash(here, answer, sentence)
    return answer


def flash_of(request: Request) -> Flash | None:
    """What this page is to say; None without, or when the cookie is not ours."""
    try:
        found = msgspec.json.decode(urlsafe_b64decode(FLASH.brought(request)), type=Flash)
    except ValueError:
        return None
    return found if found.is_ours else None
