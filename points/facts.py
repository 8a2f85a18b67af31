"""Facts: what was done, when, by whom, to what. One fact is one line of the activity log."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from points.years import year_of

Text = Annotated[str, Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, Meta(tz=True)]


class LineError(ValueError):
    """A line that is no fact. The message says what is wrong with it, in one sentence."""


class Fact(msgspec.Struct, tag_field="verb", gc=False):
    """Something done at a moment `at` (aware) by the teacher `actor`; `object` names the thing it was done to."""

    id: Text
    at: Moment
    actor: Text
    object: Text


class Share(Fact, tag="share"):
    """A new resource; `content` is the fingerprint of what is in it."""

    content: Text


class Revise(Fact, tag="revise"):
    """A resource gains a further content."""

    content: Text


class Rate(Fact, tag="rate"):
    """A resource gets stars, 1 to 5; looked at by the engine, since wrong stars are a refusal."""

    stars: Any


class OpenTopic(Fact, tag="open_topic"):
    """A new topic."""


class Reply(Fact, tag="reply"):
    """A topic gets a reply."""


class FoundWorkshop(Fact, tag="found_workshop"):
    """A new workshop; the actor is its host."""


class CreateActivity(Fact, tag="create_activity"):
    """A new activity in the workshop `target`."""

    target: Text


class TakePart(Fact, tag="take_part"):
    """The actor takes part in an activity."""


class Submit(Fact, tag="submit"):
    """A new submission to the activity `target`."""

    target: Text


class Recommend(Fact, tag="recommend"):
    """The host recommends a submission."""


class Retract(Fact, tag="retract"):
    """The participation of `teacher` in a topic or an activity no longer holds."""

    teacher: Text


class Feature(Fact, tag="feature"):
    """A workshop is featured on the home page."""


class Remove(Fact, tag="remove"):
    """A thing is removed."""


class Restore(Fact, tag="restore"):
    """A removed thing is back."""


class Revoke(Fact, tag="revoke"):
    """The awards of `rule` on a thing are revoked, from `teacher` or from everybody."""

    rule: Text
    teacher: Text | UnsetType = UNSET


class Redeem(Fact, tag="redeem"):
    """Points become hours of a category; the object's value is not looked at."""

    category: Text
    hours: Any


class CancelRedemption(Fact, tag="cancel_redemption"):
    """The redemption whose fact has the id `object` is cancelled."""


class RegisterHours(Fact, tag="register_hours"):
    """Hours (for `study_app`: that app's points) from a source enter the hour bank."""

    source: Text
    hours: Any


class WithdrawHours(Fact, tag="withdraw_hours"):
    """The registration whose fact has the id `object` is withdrawn."""


VERBS: Final[dict[str, type[Fact]]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        Share, Revise, Rate, OpenTopic, Reply, FoundWorkshop, CreateActivity, TakePart, Submit, Recommend,
        Retract, Feature, Remove, Restore, Revoke, Redeem, CancelRedemption, RegisterHours, WithdrawHours,
    )
}  # fmt: skip

COMMON: Final = ("id", "at", "actor", "object")
DETAILS: Final[dict[type[Fact], tuple[str, ...]]] = {
    kind: tuple(name for name in kind.__struct_fields__ if name not in COMMON) for kind in VERBS.values()
}
"""The further fields that each verb lists, in order."""
LISTED: Final = {kind: {*COMMON, "verb", *details} for kind, details in DETAILS.items()}

ANYTHING: Final = ("stars", "hours")
"""Fields of any JSON type: the engine refuses what is no fitting whole number."""


def verb_of(fact: Fact) -> str:
    """The fact's verb, as the log spells it."""
    return str(type(fact).__struct_config__.tag)


def details_of(fact: Fact) -> dict[str, Any]:
    """The further fields that the fact's verb lists; an optional one that is not there is left out."""
    values = ((name, getattr(fact, name)) for name in DETAILS[type(fact)])
    return {name: value for name, value in values if value is not UNSET}


def read_line(line: bytes) -> Fact:
    """The fact that a line of the log holds; raises LineError.

    A line that needs a second look (escapes, other than ASCII, an odd number or time) is read again field by
    field, so that what is accepted does not hang on what the fast decoder happens to let pass or to round.
    """
    if len(line) > 2 * DEEPEST and _depth(line) > DEEPEST:
        raise LineError(f"it is nested more than {DEEPEST} levels deep")
    if _needs_a_second_look(line):
        return _read_field_by_field(line)
    try:
        fact = _decode(line)
    except (msgspec.MsgspecError, RecursionError):
        return _read_field_by_field(line)
    return fact if 1 < fact.at.year < 9999 else _read_field_by_field(line)


def read_lines(lines: list[bytes]) -> list[Fact] | None:
    """The facts of all lines, read at once; None when one of them needs a second look."""
    if max(map(len, lines)) > 2 * DEEPEST or _needs_a_second_look(b"".join(lines)):
        return None
    try:
        facts = [*map(_decode, lines)]
    except (msgspec.MsgspecError, RecursionError):
        return None
    return facts if all([1 < fact.at.year < 9999 for fact in facts]) else None


def check(fact: Fact) -> None:
    """Raise LineError unless texts and time are fit for the log; for facts that are made, not read."""
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if name == "at":
            _check_moment(value)
        elif name not in ANYTHING and value is not UNSET:
            _check_text(name, value)


def extra_of(line: bytes, fact: Fact) -> str | None:
    """The fields of a line that its verb does not list, as JSON, to the letter; None without any."""
    listed = LISTED[type(fact)]
    try:
        raws = _decode_members(line)
        if raws.keys() <= listed:
            return None
        members = [(name, bytes(raw).decode()) for name, raw in raws.items()]
    except (msgspec.MsgspecError, ValueError):
        members = list(_members(line.decode()))
    extra = {name: raw for name, raw in members if name not in listed}
    return "{" + ",".join(f"{json.dumps(name)}:{raw}" for name, raw in extra.items()) + "}" if extra else None


_decode: Final[Callable[[bytes], Fact]] = msgspec.json.Decoder(
    Share | Revise | Rate | OpenTopic | Reply | FoundWorkshop | CreateActivity | TakePart | Submit | Recommend
    | Retract | Feature | Remove | Restore | Revoke | Redeem | CancelRedemption | RegisterHours | WithdrawHours
).decode  # fmt: skip
_decode_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def _needs_a_second_look(text: bytes) -> bool:
    """Whether the fast decoder might let something pass, or round it: a second's seventh digit, for one."""
    return (
        not text.isascii()
        or b"\\" in text
        or b"\x7f" in text
        or (b"." in text and LONG_FRACTION.search(text) is not None)
    )


def _read_field_by_field(line: bytes) -> Fact:
    fields = _object(line)
    verb = fields.get("verb")
    kind = VERBS.get(verb) if isinstance(verb, str) else None
    if kind is None:
        raise LineError("its verb is missing" if "verb" not in fields else "its verb is not one of the log's")
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        name = field.name
        if name not in fields:
            if field.required:
                raise LineError(f"it lacks the field “{name}”")
            continue
        values[name] = _moment(fields[name]) if name == "at" else fields[name]
    fact = kind(**values)
    check(fact)
    return fact


def _depth(line: bytes) -> int:
    deepest = depth = 0
    for bracket in BRACKETS.findall(STRINGS.sub(b"", line)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


DEEPEST: Final = 600
"""Levels of nesting in a line; a limit of our own, so that it does not hang on how deep the reader was called."""
BRACKETS: Final = re.compile(rb"[\[{\]}]")
STRINGS: Final = re.compile(rb'(?s)"(?:[^"\\]|\\.)*+(?:"|\\?\Z)')
"""Strings, the last perhaps without its end, so that none is begun to be read twice."""
LONG_FRACTION: Final = re.compile(rb"\.\d{7}")


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = _decoder.decode(line.decode().strip(WHITE))
    except RecursionError:
        raise LineError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise LineError("it is not UTF-8") from None
    except ValueError:
        raise LineError("it is not JSON") from None
    if not isinstance(value, dict):
        raise LineError("it is no JSON object")
    return value


def _members(text: str) -> Iterator[tuple[str, str]]:
    """Each member of a JSON object that is known to be valid, its value as it is spelled."""
    at = text.index("{") + 1
    while (at := SEPARATORS.match(text, at).end()) < len(text) and text[at] != "}":  # type: ignore[union-attr]
        name, at = _decoder.raw_decode(text, at)
        at = SEPARATORS.match(text, at).end()  # type: ignore[union-attr]
        _, end = _decoder.raw_decode(text, at)
        yield name, text[at:end]
        at = end


def _whole(digits: str) -> int:
    """A whole number however long; beyond what Python converts it only matters that it is huge."""
    if len(digits) <= 4300:
        return int(digits)
    return -HUGE if digits.startswith("-") else HUGE


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


HUGE: Final = 10**4300
WHITE: Final = " \t\r\n"
SEPARATORS: Final = re.compile(r"[ \t\r\n:,]*")
_decoder = json.JSONDecoder(parse_int=_whole, parse_constant=_no_number)


def _moment(text: Any) -> datetime:
    match = RFC_3339.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise LineError("its time is not readable, it should look like 2025-03-01T08:00:00+08:00")
    year, month, day, hour, minute, second, hours, minutes = (
        int(part or 0) for part in match.group(1, 2, 3, 4, 5, 6, 9, 10)
    )
    micro = int((match["fraction"] or "")[:6].ljust(6, "0"))
    if second == 60:  # a leap second has no place on the clock: it is the last moment of its minute
        second, micro = 59, 999_999
    try:
        offset = timedelta(hours=hours, minutes=minutes)
        zone = timezone(-offset if match["sign"] == "-" else offset) if offset else UTC
        return datetime(year, month, day, hour, minute, second, micro, zone)
    except ValueError:
        raise LineError(f"its time “{text[:40]}” does not exist") from None


RFC_3339: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?:[Zz]|(?P<sign>[+-])(\d\d):?([0-5]\d))",
    re.ASCII,
)


def _check_moment(at: datetime) -> None:
    if at.tzinfo is None:
        raise LineError("its time has no offset")
    try:
        at.astimezone(UTC)
        year_of(at)
    except (OverflowError, ValueError):
        raise LineError("its time lies outside of the years 1 to 9999") from None


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise LineError(f"its field “{name}” should be text")
    if not 1 <= len(value) <= 200:
        raise LineError(f"its field “{name}” should be of 1 to 200 characters, not {len(value)}")
    if NO_TEXT.search(value):
        raise LineError(f"its field “{name}” holds a control character or a surrogate")


NO_TEXT: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
