"""Forms: what was typed, what it means, and what is wrong with it. Nothing typed is ever lost."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Generic, TypeVar
from uuid import uuid4

from fastapi import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from community.refusals import WrongInput
from points.ledger import Refused

Model = TypeVar("Model", bound=BaseModel)


class ShowAgain(Exception):
    """A form that is shown again, with what was typed and a sentence beside each field that is wrong."""

    def __init__(self, template: str, context: dict[str, Any]) -> None:
        super().__init__(template)
        self.template, self.context = template, context


class Form(Generic[Model]):
    """A form as it was sent, or as it is shown first."""

    def __init__(self, model: type[Model], typed: dict[str, Any] | None = None) -> None:
        self.model = model
        self.typed: dict[str, Any] = typed or {}
        self.errors: dict[str, str] = {}
        self.key = str(self.typed.get("key") or uuid4())

    @property
    def checked(self) -> Model:
        """What was typed, as the model has it. Raises WrongInput."""
        try:
            return self.model.model_validate(self.typed)
        except ValidationError as error:
            raise WrongInput(
                **{str(flaw["loc"][0] if flaw["loc"] else "form"): _sentence(flaw) for flaw in error.errors()}
            ) from None

    @contextmanager
    def or_again(self, template: str, **context: Any) -> Iterator[None]:
        """What is done with the form; when it is refused, the page is shown again and nothing was done."""
        try:
            yield
        except WrongInput as wrong:
            self.errors = wrong.errors
        except Refused as refused:
            self.errors = {"form": str(refused)}
        else:
            return
        raise ShowAgain(template, {"form": self, **context})


def sent(model: type[Model]) -> Callable[[Request], Awaitable[Form[Model]]]:
    """A dependency: the form of this model that a request carries."""

    async def read(request: Request) -> Form[Model]:
        data = await request.form(max_files=20, max_fields=200)
        typed: dict[str, Any] = {}
        for name in data:
            values = data.getlist(name)
            typed[name] = values if len(values) > 1 or name.endswith("[]") else values[0]
        return Form(model, typed)

    return read


SENTENCES: Final = {
    "missing": "请填写这一项。",
    "string_too_short": "太短，至少 {min_length} 个字。",
    "string_too_long": "太长，最多 {max_length} 个字。",
    "int_parsing": "请填写一个整数。",
    "int_from_float": "请填写一个整数。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "literal_error": "请从列表中选择。",
    "enum": "请从列表中选择。",
}


def _sentence(flaw: ErrorDetails) -> str:
    empty = flaw["type"] == "string_too_short" and not str(flaw["input"]).strip()
    text = SENTENCES["missing"] if empty else SENTENCES.get(flaw["type"])
    if text is not None:
        return text.format(**flaw.get("ctx", {}))
    return str(flaw["ctx"]["error"]) if flaw["type"] == "value_error" else "这一项填写有误。"
