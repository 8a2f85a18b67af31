"""Forms: what was typed, what it means, and what is wrong with it. Nothing typed is ever lost."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Final, Generic, Protocol, TypeVar
from uuid import uuid4

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from community.drafts import dropped
from community.forecasts import Changed
from community.refusals import Locked, TooFast, WrongInput
from community.words import Sentence, say
from points.ledger import Refused
from points.store import Store
from web.once import begin, finished
from web.templating import page
from web.visit import Visit

TEXTS: Final = {
    "title": say("标题"),
    "tags": say("标签"),
    "text": say("内容"),
    "words": say("说明"),
    "reason": say("理由"),
    "lifting": say("理由"),
    "choices": say("选项"),
    "numbers": say("名单"),
}
"""Fields that people write sentences in, which any answer to the form may show again. Never a secret's."""
FILES: Final = frozenset({"file", "files", "picture"})
"""Fields that files are chosen in; a file that comes in any other is not taken."""
KEY: Final = re.compile(r"[A-Za-z0-9-]{8,64}")

Model = TypeVar("Model", bound=BaseModel)


class ShowAgain(Exception):
    """What was sent is answered by what is wrong with it: the page of its form, with a sentence beside each field.

    A script is answered by the sentence.
    """

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


class Done(Protocol):
    """How a form that was carried out is answered: by the way to a page, which the same form leads to again."""

    def __call__(self, location: str) -> RedirectResponse: ...


class Form(Generic[Model]):
    """A form as it was sent, or as it is shown first."""

    def __init__(self, model: type[Model], typed: dict[str, Any] | None = None) -> None:
        self.model = model
        self.typed: dict[str, Any] = typed or {}
        self.errors: dict[str, str] = {}
        self.drafted_at: datetime | None = None  # when what is typed was kept as a draft
        self.preview: str | None = None  # HTML of what is typed, once that is asked for
        self.said: dict[str, Any] = {}  # what was sent, where what is typed has something else by now
        # Facts are called by it too: what no fact could be called is not taken.
        given = str(self.typed.get("key") or "")
        self.key = given if KEY.fullmatch(given) else str(uuid4())

    @property
    def texts(self) -> list[tuple[str, Sentence, str]]:
        """The sentences among what was typed: the field, what it is called, the text."""
        return texts_of(self.typed)

    @property
    def checked(self) -> Model:
        """What was typed, as the model has it. Raises WrongInput."""
        try:
            return self.model.model_validate(self.typed)
        except ValidationError as error:
            raise WrongInput(**sentences(error)) from None

    @contextmanager
    def or_again(
        self, here: Visit, template: str, shown: Callable[[], dict[str, Any]] = dict, **context: Any
    ) -> Iterator[None]:
        """What is done with the form; when it is refused, the page is shown again and nothing was done.

        `shown` gives what the page needs beside `context`, and is asked only then: it may look things up.
        """
        try:
            yield
        except (WrongInput, Refused, TooFast, Locked, Changed) as refused:
            self.errors = refused.errors if isinstance(refused, WrongInput) else {"form": refused.args[0]}
            status = 429 if isinstance(refused, TooFast) else 409 if isinstance(refused, Locked | Changed) else 422
            raise ShowAgain(page(here, template, status, form=self, **shown(), **context)) from None

    @contextmanager
    def once(
        self, here: Visit, template: str, shown: Callable[[], dict[str, Any]] = dict, *, draft: str = "",
        **context: Any,
    ) -> Iterator[Done]:  # fmt: skip
        """The same, done once however often the form is sent; then the draft of this place is no longer needed.

        Raises once.AlreadyDone, once.FormReused.
        """
        with self.or_again(here, template, shown, **context):
            held = {**self.typed, **self.said}
            said = {name: _words_of(value) for name, value in held.items() if name not in ("key", "shown")}
            begin(here.session, self.key, f"{here.me.id} {here.request.url.path}", said, here.now)

            def done(location: str) -> RedirectResponse:
                Store(here.session).ask(finished(self.key, location), *([dropped(here.me, draft)] if draft else []))
                return RedirectResponse(location, 303)

            yield done


def texts_of(typed: Mapping[str, Any]) -> list[tuple[str, Sentence, str]]:
    """The sentences among what was typed: the field, what it is called, the text."""
    written = ((name, label, typed.get(name)) for name, label in TEXTS.items())
    return [(name, label, text) for name, label, text in written if isinstance(text, str) and text.strip()]


def _words_of(value: Any) -> Any:
    """What a field held; of a file its name."""
    if isinstance(value, list):
        return [_words_of(one) for one in value]
    return value if isinstance(value, str) else str(value.filename)


def sent(model: type[Model]) -> Callable[[Request], Awaitable[Form[Model]]]:
    """A dependency: the form of this model that a request carries."""

    async def read(request: Request) -> Form[Model]:
        return await read_form(request, model)

    return read


async def read_form(request: Request, model: type[Model]) -> Form[Model]:
    """The form of this model that a request carries, noted as it was typed for whatever answers it."""
    # No browser names one; some of Python's codecs raise what the parser does not expect, or make half characters.
    if parse_options_header(request.headers.get("content-type"))[1].get(b"charset", b"utf-8").lower() != b"utf-8":
        raise HTTPException(400)
    data = await request.form(max_files=20, max_fields=200)
    typed: dict[str, Any] = {}
    for name in data:
        # NUL means nothing to people, and PostgreSQL cannot hold it.
        values = [_without_nul(value) for value in data.getlist(name) if isinstance(value, str) or name in FILES]
        if not values and not name.endswith("[]"):
            continue
        typed[name] = values if len(values) > 1 or name.endswith("[]") else values[0]
    request.state.typed = dict(typed)  # as it was typed, whatever becomes of the form
    return Form(model, typed)


def _without_nul(value: str | UploadFile) -> str | UploadFile:
    if isinstance(value, str):
        return value.replace("\0", "")
    value.filename = (value.filename or "").replace("\0", "")
    return value


SENTENCES: Final = {
    "missing": say("请填写这一项。"),
    "string_too_short": say("太短，至少 %(min_length)s 个字。"),
    "string_too_long": say("太长，最多 %(max_length)s 个字。"),
    "too_long": say("太多，最多 %(max_length)s 个。"),
    "int_parsing": say("请填写一个整数。"),
    "int_from_float": say("请填写一个整数。"),
    "greater_than_equal": say("不能小于 %(ge)s。"),
    "less_than_equal": say("不能大于 %(le)s。"),
    "literal_error": say("请从列表中选择。"),
    "enum": say("请从列表中选择。"),
}


def sentences(error: ValidationError) -> dict[str, str]:
    """What is wrong, by field."""
    return {str(flaw["loc"][0] if flaw["loc"] else "form"): _sentence(flaw) for flaw in error.errors()}


def _sentence(flaw: ErrorDetails) -> str:
    empty = flaw["type"] == "string_too_short" and not str(flaw["input"]).strip()
    sentence = SENTENCES["missing"] if empty else SENTENCES.get(flaw["type"])
    if sentence is not None:
        return Sentence(sentence.pattern, flaw.get("ctx", {}))
    return flaw["ctx"]["error"].args[0] if flaw["type"] == "value_error" else say("这一项填写有误。")


class Nothing(BaseModel):
    """A form that is one button."""


NothingForm = Annotated[Form[Nothing], Depends(sent(Nothing))]
