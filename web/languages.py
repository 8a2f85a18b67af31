"""Chinese first, English by switch: the catalogue of a language, and in which one a visitor reads."""

import re
from functools import cache, partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Final

from fastapi import Request

from community.words import VOICES, Sentence
from web.cookies import LANGUAGE

LANGUAGES: Final = {"zh": "中文", "en": "English"}
FOLDER: Final = Path(__file__).parent / "translations"
QUOTED: Final = re.compile(r"“%\((\w+)\)s”")
INNER: Final = str.maketrans("“”", "‘’")
"""Quotes within quotes are single ones, in both languages."""


class Catalogue(NullTranslations):
    """Texts in one language by their Chinese; what is not in it stays Chinese."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self.texts = texts

    def gettext(self, message: str) -> str:
        return self.texts.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1)

    def said(self, text: Any) -> str:
        """A sentence, or any text that the catalogue may know (a rule's name), in this language."""
        if not isinstance(text, Sentence):
            return self.gettext(str(text))
        if not text.given:
            return self.gettext(text.pattern)
        told = {name: self.said(one) for name, one in text.given.items() if isinstance(one, Sentence)}
        pattern = self.gettext(text.pattern)
        given = text.given | told
        return pattern % (given | {name: str(given[name]).translate(INNER) for name in _quoted(pattern)})

    def shown(self, text: str) -> str:
        """A sentence in this language; what somebody typed stays as it is."""
        return self.said(text) if isinstance(text, Sentence) else text


@cache
def _quoted(pattern: str) -> list[str]:
    """What a pattern puts between quotes."""
    return QUOTED.findall(pattern)


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language of LANGUAGES; Chinese is what is written in the code."""
    if language == "zh":
        return Catalogue({})
    from babel.messages.pofile import read_po

    with (FOLDER / f"{language}.po").open("rb") as file:
        found = read_po(file)
    return Catalogue({str(entry.id): str(entry.string) for entry in found if entry.id and entry.string})


def is_text_of_ours(text: str) -> bool:
    """Whether the site says this: every text of it has its place in the English catalogue."""
    return text in catalogue("en").texts


def language_of(request: Request) -> str:
    """What was chosen in this browser, else what the person chose, else what the browser prefers, else Chinese."""
    visit = getattr(request.state, "visit", None)
    person = visit.person if visit is not None else None
    for chosen in (LANGUAGE.brought(request), person.language if person is not None else ""):
        if chosen in LANGUAGES:
            return chosen
    preferred = (one.strip().lower()[:2] for one in request.headers.get("accept-language", "").split(","))
    return next((language for language in preferred if language in LANGUAGES), "zh")


VOICES.update({language: partial(lambda name, text: catalogue(name).said(text), language) for language in LANGUAGES})
