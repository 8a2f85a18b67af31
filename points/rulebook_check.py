"""What is wrong with a rulebook: the check of its TOML tables, by pydantic, and the sentence it becomes."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from points.rulebook_tables import MOST, REDEEMABLE, Rulebook

ADAPTER = TypeAdapter(Rulebook)


def flaw_of(data: dict[str, Any]) -> str | None:
    """What is wrong with a rulebook, as the rest of a sentence that its name begins; None when nothing is."""
    try:
        ADAPTER.validate_python(data)
    except ValidationError as error:
        # A misspelt key is missing too: what is there says more than what is not.
        return _sentence(min(error.errors(include_url=False), key=lambda flaw: flaw["type"] == "missing"))
    checks = (_flaw_of_mean, _flaw_of_ceilings, _flaw_of_amounts, _flaw_of_readings, _flaw_of_reserved)
    return next(filter(None, (check(data) for check in checks)), None)


def _sentence(error: ErrorDetails) -> str:
    where, kind, value = error["loc"], error["type"], error["input"]
    if where[-1] == "[key]" and kind != "unexpected_keyword_argument":
        return f"{_path(where[:-1])} {KEYS[str(where[0])]}"
    if where[0] == "rules" and kind == "unexpected_keyword_argument" and len(where) == 2:
        return f"{_path(where)} is not a rule that is known"
    if kind == "greater_than_equal" and "points" in where:
        return f"{_path(where)} should be at least 1, not {_value(value)}; {OFF}"
    sentence = SENTENCES.get(kind, "does not fit: {message}")
    limits = {"ge": "", "le": "", "max_length": "", "expected": "", **error.get("ctx", {})}
    return f"{_path(where)} {sentence.format(value=_value(value), message=error['msg'], **limits)}"


OFF = "to switch the rule off, say enabled = false"

SENTENCES = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is not a key that is known there",
    "dataclass_type": "should be a table, not {value}",
    "dict_type": "should be a table, not {value}",
    "tuple_type": "should be a list, not {value}",
    "int_type": "should be a whole number, not {value}",
    "bool_type": "should be true or false, not {value}",
    "date_type": "should be a date like 2026-01-01, not {value}",
    "string_type": "should be text, not {value}",
    "string_too_short": "should not be empty",
    "string_too_long": "should be at most {max_length} characters long",
    "string_pattern_mismatch": "should be text that can be read, without control characters",
    "greater_than_equal": "should be at least {ge}, not {value}",
    "less_than_equal": "should be at most {le}, not {value}",
    "literal_error": "should be {expected}, not {value}",
}

KEYS = {
    "sources": "is no name for a source: it takes small letters a to z, digits and underscores, at most 50",
    "requirement": "is no year: it takes four digits, like 2027",
    "redemption": f"is no category that points become hours of: these are {' and '.join(REDEEMABLE)}",
}


def _flaw_of_mean(data: dict[str, Any]) -> str | None:
    mean = data["rules"]["excellent_resource"]["threshold"]["mean"]
    flaw = None
    if isinstance(mean, bool) or not isinstance(mean, int | Decimal):
        flaw = f"should be a number of stars from 1 to 5, not {_value(mean)}"
    elif Decimal(mean).is_nan() or not 1 <= mean <= 5:
        flaw = f"should be from 1 to 5, not {_value(mean)}"
    elif len(str(mean)) > len("1.123456789"):
        flaw = "should have at most nine decimals"
    return flaw and f"rules.excellent_resource.threshold.mean {flaw}"


def _flaw_of_ceilings(data: dict[str, Any]) -> str | None:
    missing = [category for category in REDEEMABLE if category not in data["redemption"]["ceilings"]]
    return f"redemption.ceilings.{missing[0]} is missing; to allow none, say 0" if missing else None


def _flaw_of_amounts(data: dict[str, Any]) -> str | None:
    for name, source in data["sources"].items():
        amounts = source.get("amounts")
        if amounts == []:
            return f"sources.{name}.amounts should name an amount; to allow any, leave it out"
        if amounts and max(amounts) > source.get("most_registered", 10_000):
            return f"sources.{name}.most_registered should be at least {max(amounts)}, as its amounts are"
    return None


def _flaw_of_readings(data: dict[str, Any]) -> str | None:
    numbers = [reading["number"] for reading in data.get("readings", [])]
    if numbers != list(range(1, len(numbers) + 1)):
        return f"readings should be numbered 1 to {len(numbers)} in order"
    return None


def _flaw_of_reserved(data: dict[str, Any]) -> str | None:
    enabled = [slot["clause"] for slot in data.get("reserved", []) if slot["enabled"]]
    return f"reserved {enabled[0]} should say enabled = false: the clause is not public" if enabled else None


def _path(where: tuple[int | str, ...]) -> str:
    path = ""
    for key in where:
        if isinstance(key, int):
            path += f"[{key + 1}]"
        else:
            path += ("." if path else "") + (key if BARE_KEY.fullmatch(key) else repr(key))
    return path


BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")


def _value(value: Any) -> str:
    """A value in few words, as the file has it."""
    match value:
        case bool():
            return str(value).lower()
        case int() if abs(value) > MOST**2:
            return "so large a number"
        case int() | Decimal() | date():
            return str(value)[:40]
        case str():
            return repr(value[:40])
        case list() | dict():
            return "a list" if isinstance(value, list) else "a table"
    return f"a {type(value).__name__}"
