"""Pages: templates of Jinja, with everything escaped that is not our own markup."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from community.conversations import Post
from community.resource_lists import FILTERS
from community.restrictions import to_the_minute
from community.roles import keeps_words, may
from points.policy import CATEGORY_NAMES
from points.rulebook import Clause
from points.versions import rulebooks_of
from points.years import SHANGHAI
from web.cookies import FLASH
from web.flash import flash_of
from web.languages import LANGUAGES, Catalogue, catalogue, language_of
from web.numbers import lasting, number, signed, size
from web.static import address
from web.visit import Visit


def page(here: Visit, template: str, status: int = 200, *, over: bool = False, **context: Any) -> HTMLResponse:
    """A page by its template, in the visitor's language; it says once what the last act left to be said.

    Once the visit's transaction is `over` that is left to the next page: looking up what it means would begin another,
    which nobody ends.
    """
    language, flash = language_of(here.request), None if over else flash_of(here.request)
    shown = {
        **context, "here": here, "me": here.person, "now": here.now, "language": language, "flash": flash,
        "settings": here.request.app.state.settings,
    }  # fmt: skip
    text = environment(language).get_template(template).render(shown)
    answer = HTMLResponse(text, status)
    if flash is not None:
        FLASH.take_back(here.request, answer)
    return answer


@cache
def environment(language: str) -> Environment:
    """The templates in one language: texts are marked by `_()`, sentences that Python made are shown by `|said`."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", Settled],
    )
    words = catalogue(language)
    made.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    made.settled = words.gettext  # type: ignore[attr-defined]
    made.globals.update(static=address, may=may, keeps_words=keeps_words, languages=LANGUAGES, clause_of=clause_of)
    made.globals["resource_filters"] = FILTERS
    spoken = when if language == "zh" else when_in_english
    made.filters.update(when=spoken, timed=timed, moment=lambda moment, now: timed(moment, spoken(moment, now)))
    made.filters["coming"] = lambda moment, now: timed(moment, coming(moment, now, spoken))
    made.filters["category"] = lambda category: words.gettext(CATEGORY_NAMES[category])
    made.filters.update(
        exactly=exactly,
        to_the_minute=to_the_minute,
        clock=clock,
        day=day,
        number=number,
        signed=signed,
        size=size,
        lasting=lasting,
        said=words.said,
        shown=words.shown,
    )
    # Parts that look the same to many are put together once.
    made.globals["icon"] = lru_cache(1_000)(made.get_template("parts/icon.html").module.icon)  # type: ignore[attr-defined]
    made.globals["avatar"] = lru_cache(10_000)(made.get_template("parts/people.html").module.avatar)  # type: ignore[attr-defined]
    made.globals["kept_post"] = kept(made.get_template("parts/post.html").module.post)  # type: ignore[attr-defined]
    made.globals["kept_resource"] = lru_cache(2_000)(made.get_template("parts/resource.html").module.row)  # type: ignore[attr-defined]
    choices = made.get_template("parts/resource_choices.html").module.choices  # type: ignore[attr-defined]
    made.globals["resource_choices"] = lru_cache(200)(choices)
    return made


def kept(post: Callable[..., Markup]) -> Callable[..., Markup]:
    """The macro for a post, which puts those together once that are not long: they take 20 MB at most."""
    remembered = lru_cache(2_000)(post)

    def shown(written: Post, *given: Any) -> Markup:
        return (remembered if len(written.html) < 2_000 else post)(written, *given)

    return shown


class Settled(Extension):
    """Looks texts that nothing is put into up when a template is read, so that pages need not: they become its own.

    Those that hold markup are left to the page.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if (token.type, token.value) == ("name", "_") and stream.current.type == "lparen":
                opening, word = next(stream), next(stream)
                text = self._settled(word) if stream.current.type == "rparen" else None
                if text is None:
                    yield from (token, opening, word)
                else:
                    next(stream)
                    yield Token(word.lineno, "string", text)
            else:
                yield token

    def _settled(self, word: Token) -> str | None:
        text: str = self.environment.settled(word.value) % {} if word.type == "string" else "<"  # type: ignore[attr-defined]
        return None if "<" in text or "&" in text else text


def sentence_for(here: Visit, sentence: str) -> str:
    """A sentence in the visitor's language, for answers that are no pages."""
    return words_for(here).said(sentence)


def words_for(here: Visit) -> Catalogue:
    """The catalogue of the visitor's language."""
    return catalogue(language_of(here.request))


def clause_of(here: Visit, rule: str) -> Clause:
    """A rule's clause and name, as the rulebook in force has them."""
    rulebook = rulebooks_of(here.session).at(here.now)
    return rulebook.rule(rule) or rulebook.redemption


def timed(moment: datetime, words: str) -> Markup:
    """A moment as a page shows it: as people say it, and to the second for those who point at it."""
    # Nothing that anybody typed is in it.
    return Markup(f'<time datetime="{moment.isoformat()}" title="{exactly(moment)}">{words}</time>')


def when(moment: datetime, now: datetime) -> str:
    """A moment as people say it (Asia/Shanghai): 刚刚, 3 分钟前, 昨天 14:20, 5月3日, 2024年5月3日."""
    passed = now - moment
    if timedelta(0) <= passed < timedelta(minutes=1):
        return "刚刚"
    if timedelta(0) <= passed < timedelta(hours=1):
        return f"{passed.seconds // 60} 分钟前"
    there, today = moment.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    days = today.toordinal() - there.toordinal()
    if days in DAYS:
        return f"{DAYS[days]} {there.hour:02}:{there.minute:02}"
    return (
        f"{there.month}月{there.day}日" if there.year == today.year else f"{there.year}年{there.month}月{there.day}日"
    )


def when_in_english(moment: datetime, now: datetime) -> str:
    """The same in English: just now, 3 min ago, yesterday 14:20, 3 May, 3 May 2024."""
    there, today = moment.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    passed = now - moment
    if timedelta(0) <= passed < timedelta(minutes=1):
        return "just now"
    if timedelta(0) <= passed < timedelta(hours=1):
        return f"{passed.seconds // 60} min ago"
    days = (today.date() - there.date()).days
    if days in (0, 1):
        return f"{'today' if days == 0 else 'yesterday'} {there:%H:%M}"
    return f"{there.day} {there:%b}" if there.year == today.year else f"{there.day} {there:%b} {there.year}"


DAYS: Final = {0: "今天", 1: "昨天", 2: "前天"}


def coming(moment: datetime, now: datetime, spoken: Callable[[datetime, datetime], str]) -> str:
    """A moment that may lie ahead, with its time: 今天 19:30, 11月28日 19:30; one that has passed as people say it."""
    said = spoken(moment, now)
    return said if moment <= now or ":" in said else f"{said} {moment.astimezone(SHANGHAI):%H:%M}"


def clock(moment: datetime, now: datetime) -> str:
    """A moment by the clock (Asia/Shanghai), which stays true while one reads: 14:20, on another day with its date."""
    minute = to_the_minute(moment)
    return minute[11:] if day(moment) == day(now) else minute


def day(moment: datetime) -> str:
    """The day of a moment (Asia/Shanghai): 2026-03-01."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d}"


def exactly(moment: datetime) -> str:
    """A moment to the second (Asia/Shanghai), for those who want to know."""
    return str(moment.astimezone(SHANGHAI))[:19]
