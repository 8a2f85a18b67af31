"""/moderation/words: the words that send a text to review."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, StringConstraints

from community.desk import desk_of
from community.word_list import add_word, all_words, demand_words, drop_word
from community.words import say
from web.flash import flash
from web.forms import Form, sent
from web.templating import page
from web.visit import Member, Router, Visit

router = Router("/moderation/words")

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]


class NewWord(BaseModel):
    """A word for the list."""

    word: Word


class OldWord(BaseModel):
    """A word of the list, as it is searched."""

    plain: str = ""


@router.get("")
def index(here: Member, word: str = "") -> HTMLResponse:
    """The list, and the form for one more, in which a word may stand already."""
    demand_words(here.me)
    return page(here, "moderation/words.html", form=Form(NewWord, {"word": word}), **_words(here))


@router.post("")
def create(here: Member, form: Annotated[Form[NewWord], Depends(sent(NewWord))]) -> Response:
    """One more word."""
    demand_words(here.me)
    with form.once(here, "moderation/words.html", **_words(here)) as done:
        add_word(here.session, here.me, form.checked.word, here.now)
        made = done("/moderation/words")
        flash(here, made, say("已添加；以后写有它的内容会先送审。"))
        return made


@router.post("/delete")
def delete(here: Member, form: Annotated[Form[OldWord], Depends(sent(OldWord))]) -> Response:
    """One word less; it stands in the form, so that one more click brings it back."""
    demand_words(here.me)
    with form.once(here, "moderation/words.html", **_words(here)) as done:
        word = drop_word(here.session, here.me, form.checked.plain, here.now)
        made = done(f"/moderation/words?word={quote(word)}")
        flash(here, made, say("已删除；点“添加”就能加回来。"))
        return made


def _words(here: Visit) -> dict[str, Any]:
    return {
        "section": "", "tab": "words", "desk": desk_of(here.session, here.me), "words": all_words(here.session)
    }  # fmt: skip
