"""The rulebook: every rule, value, cap and threshold as data, read from TOML; which version holds when."""

import os
import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec

from points.rulebook_tables import (
    CATEGORIES,
    REDEEMABLE,
    RULES,
    UNCAPPED,
    Clause,
    Requirement,
    Rule,
    Rulebook,
    Source,
    Split,
)
from points.years import BEGINNING, END, day_of, start_of, year_bounds

__all__ = [
    "CATEGORIES",
    "PRESENT",
    "REDEEMABLE",
    "RULES",
    "UNCAPPED",
    "Clause",
    "Requirement",
    "Rule",
    "Rulebook",
    "RulebookError",
    "Rulebooks",
    "Source",
    "Split",
    "dated",
    "parse_rulebook",
    "present_rulebook",
    "read_rulebook",
    "read_rulebooks",
]

PRESENT: Final = Path(__file__).parent / "rulebooks" / "guangzhou.toml"
"""The shipped rulebook."""
PRESENT_SHA256: Final = "21120a64fa8472fcc2e435214dadc36590199617d12c96241d0fd3d5803a17f7"
"""Of its text, which a test holds to be sound: only another one needs pydantic's check, and 0.2 seconds."""
LONGEST: Final = 1_000_000
"""Bytes of a rulebook's file."""


class RulebookError(ValueError):
    """A rulebook that cannot be used: one sentence that names it, the rule or key, and what is wrong."""


class Rulebooks:
    """The versions of the rulebook in order of effect; the first holds for all earlier days too."""

    def __init__(self, versions: Sequence[Rulebook]) -> None:
        """Raises RulebookError when numbers or days do not ascend, or a cap changes within a year."""
        if not versions:
            raise RulebookError("there is no version of the rulebook: at least version 1 is needed")
        for number, rulebook in enumerate(versions, start=1):
            if rulebook.version != number:
                raise RulebookError(
                    f"the rulebook that holds from {rulebook.holds_from} is version {rulebook.version}, not"
                    f" {number}: versions are numbered from 1 in order of effect"
                )
        for before, after in pairwise(versions):
            _check_succession(before, after)
        self.versions: Final = tuple(versions)
        self._starts: Final = [rulebook.holds_from for rulebook in versions[1:]]

    def at(self, moment: datetime) -> Rulebook:
        """The version in force at an aware moment, by its day in Asia/Shanghai."""
        return self._on(day_of(moment))

    def of_year(self, year: int) -> Rulebook:
        """The version of 1 January, whose caps, hour ceilings, sources and requirement the year has."""
        return self._on(date(year, 1, 1))

    def span(self, moment: datetime) -> tuple[Rulebook, datetime, datetime]:
        """The version in force at a moment, and from when to when (UTC, half-open) it and the year last."""
        day = day_of(moment)
        index = bisect_right(self._starts, day)
        starts = [BEGINNING, *map(start_of, self._starts), END]
        year_begins, year_ends = year_bounds(day.year)
        return self.versions[index], max(year_begins, starts[index]), min(year_ends, starts[index + 1])

    def with_version(self, rulebook: Rulebook) -> "Rulebooks":
        """These versions and one more; raises RulebookError unless it can follow them."""
        return Rulebooks([*self.versions, rulebook])

    def _on(self, day: date) -> Rulebook:
        return self.versions[bisect_right(self._starts, day)]


def read_rulebooks(path: Path) -> Rulebooks:
    """The versions in a directory's files `rulebook-*.toml`; a file alone is version 1, whatever its number.

    Raises RulebookError.
    """
    if not os.path.isdir(path):
        rulebook = read_rulebook(path)
        if rulebook.version != 1:
            rulebook = parse_rulebook(dated(rulebook.text, 1, rulebook.holds_from), str(path))
        return Rulebooks([rulebook])
    versions = sorted(map(read_rulebook, path.glob("rulebook-*.toml")), key=lambda rulebook: rulebook.version)
    try:
        return Rulebooks(versions)
    except RulebookError as error:
        raise RulebookError(f"{_shown(path)}: {error} (in files rulebook-*.toml)") from None


@cache
def present_rulebook() -> Rulebook:
    """The shipped rulebook."""
    return read_rulebook(PRESENT)


def read_rulebook(path: Path) -> Rulebook:
    """The rulebook in a file; raises RulebookError."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except FileNotFoundError:
        raise RulebookError(f"{_shown(path)}: there is no such file") from None
    except IsADirectoryError:
        raise RulebookError(f"{_shown(path)}: is a directory, name a file in it") from None
    except OSError as error:
        raise RulebookError(f"{_shown(path)}: cannot be read ({error.strerror})") from None
    except ValueError:
        raise RulebookError(f"{_shown(path)}: no file can have that name") from None
    if len(content) > LONGEST:
        raise RulebookError(f"{_shown(path)}: is no rulebook, it is longer than {LONGEST:,} bytes")
    try:
        return parse_rulebook(content.decode(), str(path))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RulebookError(f"{_shown(path)}: is not UTF-8 (in line {line}), save it as UTF-8") from None


def parse_rulebook(text: str, name: str) -> Rulebook:
    """The rulebook that a TOML text holds; raises RulebookError, which calls it by `name`."""
    text = text.removeprefix("\ufeff")
    data = _toml(text, name)
    _label(data, text, name)
    if sha256(text.encode()).hexdigest() != PRESENT_SHA256:
        from points.rulebook_check import flaw_of

        if flaw := flaw_of(data):
            raise RulebookError(f"{_shown(name)}: {flaw}")
    return msgspec.convert(data, Rulebook, str_keys=True, dec_hook=lambda _, mean: Fraction(mean))


def dated(text: str, version: int, holds_from: date) -> str:
    """The TOML text with another version number and day of effect, otherwise to the letter.

    Raises RulebookError when the text is no TOML, or says one of the two in several lines.
    """
    text = text.removeprefix("\ufeff")
    return _with_value(_with_value(text, "holds_from", holds_from), "version", version)


def _check_succession(before: Rulebook, after: Rulebook) -> None:
    if after.holds_from <= before.holds_from:
        raise RulebookError(
            f"version {after.version} of the rulebook holds from {after.holds_from}, but should hold from"
            f" a day after {before.holds_from}, when version {before.version} begins"
        )
    if (after.holds_from.month, after.holds_from.day) == (1, 1):
        return
    old, new = dict(_fixed_for_a_year(before)), dict(_fixed_for_a_year(after))
    for key in {**old, **new}:
        if key not in old or key not in new or old[key] != new[key]:
            raise RulebookError(
                f"version {after.version} of the rulebook changes {key} on {after.holds_from}:"
                " caps and hour ceilings change on 1 January only"
            )


def _fixed_for_a_year(rulebook: Rulebook) -> Iterator[tuple[str, object]]:
    for rule in rulebook.rules:
        yield f"rules.{rule.id}.cap", rule.cap
    yield "redemption.points_per_hour", rulebook.redemption.points_per_hour
    for category, ceiling in rulebook.redemption.ceilings.items():
        yield f"redemption.ceilings.{category}", ceiling
    for name, source in rulebook.sources.items():
        for key in ("enabled", "category", "cap", "amounts", "units_per_hour", "most_registered"):
            yield f"sources.{name}.{key}", getattr(source, key)
    requirement = rulebook.requirement
    tables = {f"requirement.years.{year}": hours for year, hours in requirement.years.items()}
    for where, hours in {"requirement": requirement, **tables}.items():
        for key in (*CATEGORIES, "total"):
            yield f"{where}.{key}", getattr(hours, key)


def _shown(name: str | Path) -> str:
    return str(name) if str(name).isprintable() else repr(str(name))


def _toml(text: str, name: str, number: Callable[[str], Any] = Decimal) -> dict[str, Any]:
    try:
        text.encode()
        return tomllib.loads(text, parse_float=number)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"{_shown(name)}: is not valid TOML: {error}") from None
    except RecursionError:
        raise RulebookError(f"{_shown(name)}: is nested too deeply") from None
    except UnicodeEncodeError:
        raise RulebookError(f"{_shown(name)}: is not text that UTF-8 can hold") from None
    except (ValueError, ArithmeticError):
        raise RulebookError(f"{_shown(name)}: holds a number that is too long") from None


def _label(data: dict[str, Any], text: str, name: str) -> None:
    """Write into the tables what the objects know of themselves, which the file itself cannot say."""
    labels = [("text", data, text)]
    if isinstance(rules := data.get("rules"), dict):
        tables = ((rule_id, rules.get(rule_id)) for rule_id in RULES)
        labels += [(f"rules.{rule_id}.id", table, rule_id) for rule_id, table in tables if isinstance(table, dict)]
    for where, table, label in labels:
        key = where.rpartition(".")[2]
        if key in table:
            raise RulebookError(f"{_shown(name)}: {where} is not a key that is known there")
        table[key] = label


def _with_value(text: str, key: str, value: int | date) -> str:
    data = _toml(text, "the rulebook", str)
    for line in re.finditer(ASSIGNMENT.format(key=key), text, re.MULTILINE):
        changed = text[: line.start("value")] + str(value) + text[line.end("value") :]
        # What looks like the line may stand in a table below, or in a text of several lines.
        try:
            if _toml(changed, "the rulebook", str) == {**data, key: value}:
                return changed
        except RulebookError:
            pass
    if key in data:
        raise RulebookError(f"the rulebook: {key} should stand in one line at the top, like {key} = {value}")
    return f"{key} = {value}\n{text}"


ASSIGNMENT: Final = (
    r"""^[ \t]*(?:{key}|"{key}"|'{key}')[ \t]*=[ \t]*"""
    r"""(?P<value>"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|[^#\r\n]*[^#\s])"""
)
