"""A line of the log becomes a fact, or an error that says in one sentence what is wrong with it."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from points.facts import (
    DETAILS,
    VERBS,
    Fact,
    LineError,
    Redeem,
    Reply,
    Revoke,
    _read_field_by_field,
    check,
    details_of,
    extra_of,
    read_line,
    verb_of,
)
from points.years import year_of
from tests.strategies import PATIENCE, logs

REPLY = {"id": "f1", "at": "2025-03-01T08:00:00+08:00", "actor": "ana", "verb": "reply", "object": "p1"}
FURTHER = {
    "content": "c1", "stars": 3, "target": "w1", "teacher": "ben", "rule": "share_resource",
    "category": "elective", "hours": 1, "source": "studio",
}  # fmt: skip
WITH_FURTHER = {
    "share": ["content"], "revise": ["content"], "rate": ["stars"], "open_topic": [], "reply": [],
    "found_workshop": [], "create_activity": ["target"], "take_part": [], "submit": ["target"],
    "recommend": [],
    "retract": ["teacher"], "feature": [], "remove": [], "restore": [], "revoke": ["rule"],
    "redeem": ["category", "hours"], "cancel_redemption": [], "register_hours": ["source", "hours"],
    "withdraw_hours": [],
}  # fmt: skip


def line(verb: Any = "reply", /, **fields: Any) -> bytes:
    further = {name: FURTHER[name] for name in WITH_FURTHER.get(verb, ())}
    return json.dumps({**REPLY, "verb": verb, **further, **fields}, ensure_ascii=False).encode()


def spelled(field: str, raw: str, verb: str = "reply") -> bytes:
    """A line one of whose values is spelled as given."""
    return line(verb, **{field: "here"}).replace(b'"here"', raw.encode())


def without(field: str, verb: str = "reply") -> bytes:
    fields = json.loads(line(verb))
    del fields[field]
    return json.dumps(fields).encode()


@pytest.mark.parametrize("verb", WITH_FURTHER)
def test_every_verb_is_read_with_its_fields(verb: str) -> None:
    fact = read_line(line(verb))

    assert verb_of(fact) == verb
    assert (fact.id, fact.actor, fact.object) == ("f1", "ana", "p1")
    assert fact.at == datetime(2025, 3, 1, tzinfo=UTC)
    assert details_of(fact) == {name: FURTHER[name] for name in WITH_FURTHER[verb]}


def test_the_verbs_are_those_of_the_log() -> None:
    assert sorted(VERBS) == sorted(WITH_FURTHER)
    listed = {verb: list(DETAILS[kind]) for verb, kind in VERBS.items()}
    assert listed == {**WITH_FURTHER, "revoke": ["rule", "teacher"]}


def test_a_revocation_may_name_a_teacher() -> None:
    assert details_of(read_line(line("revoke", teacher="陈静"))) == {
        "rule": "share_resource",
        "teacher": "陈静",
    }


NO_TEXTS: list[Any] = [None, 3, 2.5, True, [], ["a"], {}, "", "a" * 201, "🀄" * 201]
DEEP = 100_000
WRONG = {
    "nothing": b"",
    "blank": b" \t ",
    "no json": b"hello",
    "half an object": line()[:-1],
    "two objects": line() + line(),
    "something behind": line() + b" x",
    "a byte order mark": b"\xef\xbb\xbf" + line(),
    "white space that json has not": b"\x0b" + line(),
    "a space that json has not": "\u00a0".encode() + line(),
    "utf-16": line().decode().encode("utf-16"),
    "a list": b"[" + line() + b"]",
    "a text": b'"reply"',
    "a number": b"3",
    "null": b"null",
    "single quotes": line().replace(b'"', b"'"),
    "a comma too many": line()[:-1] + b",}",
    "a comment": line() + b"// done",
    "invalid utf-8 in a field": line(actor="here").replace(b"here", b"\xff"),
    "invalid utf-8 in an extra field": line(note="here").replace(b"here", b"\xc3("),
    "a surrogate in utf-8": line(note="here").replace(b"here", b"\xed\xa0\x80"),
    "an overlong nul": line(note="here").replace(b"here", b"\xc0\x80"),
    "a raw control character in an extra field": spelled("note", '"a\x01"'),
    "a raw line break in a field": spelled("actor", '"a\nb"'),
    "an escape that json has not": spelled("note", '"\\x41"'),
    "NaN": spelled("note", "NaN"),
    "Infinity in a list": spelled("note", "[-Infinity]"),
    "a number with a leading nought": spelled("note", "01"),
    "a number with a plus": spelled("stars", "+3", "rate"),
    "a number without digits behind its point": spelled("hours", "3.", "redeem"),
    "nested too deeply": spelled("note", "[" * DEEP + "]" * DEEP),
    "objects nested too deeply": spelled("note", '{"a":' * DEEP + "1" + "}" * DEEP),
    "no verb": without("verb"),
    "an unknown verb": line("applaud"),
    "a verb in capitals": line("Reply"),
    "a verb that is no text": line("reply", verb=3),
    "a verb that is a list": line("reply", verb=["reply"]),
    "a null verb": line("reply", verb=None),
    **{f"no {field}": without(field) for field in ("id", "at", "actor", "object")},
    **{
        f"{verb} without {field}": without(field, verb)
        for verb, fields in WITH_FURTHER.items()
        for field in fields
    },
    **{
        f"{field} is {value!r}": line(**{field: value})
        for field in ("id", "actor", "object")
        for value in NO_TEXTS
    },
    **{
        f"{verb}'s {field} is {value!r}": line(verb, **{field: value})
        for verb, field in (
            ("share", "content"), ("submit", "target"), ("retract", "teacher"), ("revoke", "rule"),
            ("revoke", "teacher"), ("redeem", "category"), ("register_hours", "source"),
        )
        for value in NO_TEXTS
    },
    **{
        f"a text with {raw}": spelled("actor", f'"a{raw}b"')
        for raw in (
            "\\u0000", "\\u0009", "\\n", "\\t", "\\b", "\\u001f", "\\u007f", "\x7f", "\\u0080",
            "\\u0085", "\u0085",
            "\\u009f", "\\ud800", "\\udc00", "\\udfff\\ud800", "\\uD83C",
        )
    },
    "a surrogate in the id": spelled("id", '"\\ud800"'),
    "a nul in the content": spelled("content", '"\\u0000"', "share"),
    "201 escaped emoji": spelled("object", '"' + "\\ud83c\\udc04" * 201 + '"'),
    "the last of two values is wrong": spelled("id", '"a","id":3'),
    "the last of two verbs is unknown": spelled("verb", '"reply","verb":"applaud"'),
    **{
        f"the time {at!r}": line(at=at)
        for at in NO_TEXTS
    },
    **{
        f"the time {at!r}": line(at=at)
        for at in (
            "now", "2025-03-01", "2025-03-01T08:00:00", "2025-03-01T08:00+08:00",
            "2025-03-01T08:00:00+08", "2025-03-01T08:00:00 +08:00", "2025-3-1T08:00:00Z", "20250301T080000Z",
            "2025-W01-1T00:00:00Z", "2025-060T00:00:00Z", " 2025-03-01T08:00:00Z", "2025-03-01T08:00:00Z ",
            "2025-03-01T08:00:00.Z", "2025-03-01T08:00:00,5Z", "2025-03-01T08:00:00\u221208:00",
            "2025-03-01T08:00:00+08:00[Asia/Shanghai]", "２025-03-01T08:00:00Z", "10000-01-01T00:00:00Z",
            "-001-01-01T00:00:00Z", "0000-12-31T23:00:00Z", "2025-02-29T08:00:00Z", "2025-13-01T08:00:00Z",
            "2025-00-01T08:00:00Z", "2025-01-00T08:00:00Z", "2025-03-01T24:00:00Z", "2025-03-01T08:60:00Z",
            "2025-03-01T08:00:61Z", "2025-03-01T08:00:00+24:00", "2025-03-01T08:00:00+08:60",
            "0001-01-01T00:00:00+08:00", "9999-12-31T16:00:00Z", "9999-12-31T23:59:59-08:00",
        )
    },
}  # fmt: skip


def test_every_wrong_line_is_an_error_in_one_sentence() -> None:
    sentences = {name: error_of(wrong) for name, wrong in WRONG.items()}

    assert [name for name, sentence in sentences.items() if not sentence.startswith("it")] == []
    assert [name for name, sentence in sentences.items() if "\n" in sentence or len(sentence) > 120] == []


def error_of(wrong: bytes) -> str:
    try:
        return f"no error, but {read_line(wrong)}"
    except LineError as error:
        return str(error)


ODD = {
    "white space around": b" \t" + line() + b"\r\n",
    "white space within": line().replace(b":", b" :\t").replace(b" :\t00", b":00").replace(b"08 :", b"08:"),
    "every field escaped": b'{"\\u0069d":"\\u0066\\u0031","at":"2025-03-01T08:00:00\\u002b08:00",'
    b'"\\u0061ctor":"\\u0061na","verb":"\\u0072eply","object":"p\\u0031"}',
    "the last of two ids counts": spelled("id", '3,"id":"f1"'),
    "the last of two verbs counts": spelled("verb", '"share","verb":"reply"'),
    "the last of two times counts": spelled("at", '"never","at":"2025-03-01T08:00:00+08:00"'),
    "fields that other verbs list": line(target=None, teacher=3, content="", stars="x", hours=[], verb="reply"),
    "an extra field nested deeply": spelled("note", "[" * 500 + "]" * 500),
    "an extra number too large for a float": spelled("note", "1e999999"),
    "an extra number too small for a float": spelled("note", "1e-999999"),
    "an extra number of 5000 digits": spelled("note", "9" * 5000),
    "an extra lone surrogate": spelled("note", '"\\ud800"'),
    "an extra name that is a lone surrogate": line().replace(b'"id"', b'"\\ud800":1,"id"'),
    "an extra nul": spelled("note", '"\\u0000"'),
    "an extra raw del": spelled("note", '"\x7f"'),
    "an empty extra name": line().replace(b'"id"', b'"":1,"id"'),
    "extra names that look like listed ones": line(**{"Id": 3, "id ": 4, "AT": 5}),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_line_is_read_all_the_same(odd: bytes) -> None:
    assert read_line(odd) == Reply(id="f1", at=datetime(2025, 3, 1, tzinfo=UTC), actor="ana", object="p1")


TEXTS = (
    "a", "self", "陈静", "a" * 200, "老" * 200, "🀄" * 200, "e\u0301", "\u00a0", " ", "\u2028",
    "\ufeff", "\uffff",
    "\U0010ffff", "\u200b", "'; --", '"', "\\", "%s", "{}", "null", "\u00a0" * 200,
)  # fmt: skip


def test_texts_of_1_to_200_code_points_are_kept_to_the_letter() -> None:
    for text in TEXTS:
        for ensure_ascii in (False, True):
            given = json.dumps({**REPLY, "id": text, "actor": text}, ensure_ascii=ensure_ascii)
            fact = read_line(given.encode())
            assert (fact.id, fact.actor) == (text, text)


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]


TIMES = {
    "2025-03-01T08:00:00Z": utc(2025, 3, 1, 8),
    "2025-03-01t08:00:00z": utc(2025, 3, 1, 8),
    "2025-03-01 08:00:00Z": utc(2025, 3, 1, 8),
    "2025-03-01T08:00:00-00:00": utc(2025, 3, 1, 8),
    "2025-03-01T08:00:00+23:59": utc(2025, 2, 28, 8, 1),
    "2025-03-01T08:00:00-23:59": utc(2025, 3, 2, 7, 59),
    "2025-03-01T08:00:00.5+08:00": utc(2025, 3, 1, 0, 0, 0, 500000),
    "2024-02-29T08:00:00Z": utc(2024, 2, 29, 8),
    "1900-01-01T00:00:00+08:05": utc(1899, 12, 31, 15, 55),
    "0001-01-01T00:00:00Z": utc(1, 1, 1),
    "0001-01-01T08:00:00+08:00": utc(1, 1, 1),
    "0001-01-01T00:00:00-08:00": utc(1, 1, 1, 8),
    "9999-12-31T15:59:59Z": utc(9999, 12, 31, 15, 59, 59),
    "9999-12-31T23:59:59+08:00": utc(9999, 12, 31, 15, 59, 59),
    # Cut off, not rounded: it would be another year.
    "2025-12-31T23:59:59.9999995+08:00": utc(2025, 12, 31, 15, 59, 59, 999999),
    "2025-12-31T15:59:59.99999999999999999999Z": utc(2025, 12, 31, 15, 59, 59, 999999),
    "9999-12-31T15:59:59.9999999Z": utc(9999, 12, 31, 15, 59, 59, 999999),
    # A leap second is the last moment of its minute.
    "2016-12-31T23:59:60Z": utc(2016, 12, 31, 23, 59, 59, 999999),
    "2017-01-01T07:59:60.7+08:00": utc(2016, 12, 31, 23, 59, 59, 999999),
    "2025-12-31T23:59:60+08:00": utc(2025, 12, 31, 15, 59, 59, 999999),
}


@pytest.mark.parametrize("at", TIMES)
def test_a_time_is_read_as_the_moment_it_names(at: str) -> None:
    fact = read_line(line(at=at))

    assert fact.at.utcoffset() is not None
    assert fact.at == TIMES[at]
    assert year_of(fact.at) == year_of(TIMES[at])


def test_a_fraction_of_many_digits_is_read_to_the_microsecond() -> None:
    at = read_line(line(at="2025-03-01T08:00:00.123456789Z")).at
    assert abs(at - utc(2025, 3, 1, 8, 0, 0, 123456)) <= timedelta(microseconds=1)


NUMBERS: dict[str, Any] = {
    "3": 3, "-1": -1, "0": 0, "-0": 0, "2.0": 2.0, "1e1": 10.0, "1E+1": 10.0, "0.5": 0.5,
    "1e999": float("inf"),
    "-1e999": float("-inf"), "true": True, "false": False, "null": None, '"3"': "3", '""': "",
    '"\\u0000"': "\0",
    "[]": [], "[3]": [3], "{}": {}, '{"a":[null]}': {"a": [None]}, "18446744073709551616": 2**64,
    "1" + "0" * 30: 10**30,
}  # fmt: skip


@pytest.mark.parametrize("raw", NUMBERS)
def test_stars_and_hours_are_of_any_type_and_left_to_the_rules(raw: str) -> None:
    for field, verb in (("stars", "rate"), ("hours", "redeem"), ("hours", "register_hours")):
        for extra in ("", "é"):  # with and without a second look
            value = getattr(read_line(spelled(field, f'{raw}, "note": "{extra}"', verb)), field)
            assert (type(value), value) == (type(NUMBERS[raw]), NUMBERS[raw])


@pytest.mark.parametrize("digits", [4000, 4300, 4301, 5000, 100_000])
def test_a_whole_number_of_thousands_of_digits_is_huge_and_whole(digits: int) -> None:
    for sign in ("", "-"):
        hours = getattr(read_line(spelled("hours", sign + "9" * digits, "redeem")), "hours")  # noqa: B009
        assert type(hours) is int
        assert abs(hours) > 10**3000 and (hours < 0) == (sign == "-")


EXTRAS = {
    "none": (line(), None),
    "none, though its optional field is missing": (line("revoke"), None),
    "none, with its optional field": (line("revoke", teacher="ben"), None),
    "one": (spelled("note", '"hello"'), '{"note":"hello"}'),
    "one that another verb lists": (line(hours=3, teacher=None), '{"hours":3,"teacher":null}'),
    "one for a verb, none for another": (line("rate", target="w1"), '{"target":"w1"}'),
    "spaces": (spelled("note", '[ 1,  2 ,{"a" : 3}]'), '{"note":[ 1,  2 ,{"a" : 3}]}'),
    "numbers": (spelled("note", "[1.0, 1e1, -0, 1E+400]"), '{"note":[1.0, 1e1, -0, 1E+400]}'),
    "a huge number": (spelled("note", "9" * 5000), '{"note":%s}' % ("9" * 5000)),
    "a long fraction": (spelled("note", "0." + "1" * 400), '{"note":%s}' % ("0." + "1" * 400)),
    "escapes": (spelled("note", r'"\u0041\/\ud800\u0000"'), r'{"note":"\u0041\/\ud800\u0000"}'),
    "not ascii": (spelled("note", '"陈静 🀄"'), '{"note":"陈静 🀄"}'),
    "many": (spelled("a", 'true,"b":{},"c":[]'), '{"a":true,"b":{},"c":[]}'),
    "the last of two": (spelled("note", '1,"note":2'), '{"note":2}'),
    "punctuation in text": (spelled("note", '",:{}[]\\"", "b": 1'), '{"note":",:{}[]\\"","b":1}'),
}


@pytest.mark.parametrize("case", EXTRAS.values(), ids=EXTRAS)
def test_extra_fields_are_kept_to_the_letter(case: tuple[bytes, str | None]) -> None:
    given, kept = case
    assert extra_of(given, read_line(given)) == kept
    # With a name that takes another road through the reader.
    odd = given.replace(b'{"id"', b'{ "\\ud800" : "\\udfff" , "id"')
    assert extra_of(odd, read_line(odd)) == '{"\\ud800":"\\udfff"' + (kept or "{}")[1:].join(
        (",", "") if kept else ("", "")
    )


@pytest.mark.parametrize("name", ["备注", 'with "quotes"', "\\", "\u2028", "", "\x7f", "a" * 300])
def test_names_of_extra_fields_are_kept(name: str) -> None:
    given = line(**{name: 1})
    assert json.loads(extra_of(given, read_line(given)) or "") == {name: 1}


def test_an_escaped_name_of_a_listed_field_is_no_extra() -> None:
    given = line().replace(b'"actor"', b'"\\u0061ctor"')
    assert extra_of(given, read_line(given)) is None


def reply(**fields: Any) -> Fact:
    return Reply(**{"id": "f1", "at": utc(2025, 3, 1), "actor": "ana", "object": "p1", **fields})


@pytest.mark.parametrize(
    "fact",
    [
        reply(),
        reply(id="🀄" * 200),
        reply(at=datetime(2025, 3, 1, tzinfo=timezone(timedelta(hours=-5)))),
        Revoke(id="f1", at=utc(2025, 3, 1), actor="ana", object="p1", rule="no_rule"),
        Revoke(id="f1", at=utc(2025, 3, 1), actor="ana", object="p1", rule="no_rule", teacher="ben"),
        Redeem(id="f1", at=utc(2025, 3, 1), actor="ana", object="self", category="any", hours=None),
        Redeem(id="f1", at=utc(2025, 3, 1), actor="ana", object="self", category="any", hours="\x00"),
    ],
)
def test_facts_that_are_made_pass_when_fit_for_the_log(fact: Fact) -> None:
    check(fact)


@pytest.mark.parametrize(
    "fact",
    [
        *(reply(**{field: text}) for field in ("id", "actor", "object") for text in ("", "a" * 201,
        "\x00", "\ud800")),
        reply(id=None),
        reply(actor=3),
        reply(object=b"p1"),
        reply(actor="a\x7f"),
        reply(actor="a\x85"),
        reply(actor="a\n"),
        reply(at=datetime(2025, 3, 1)),
        reply(at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8)))),
        reply(at=datetime(9999, 12, 31, 23, tzinfo=UTC)),
        Revoke(id="f1", at=utc(2025, 3, 1), actor="ana", object="p1", rule="", teacher="ben"),
        Revoke(id="f1", at=utc(2025, 3, 1), actor="ana", object="p1", rule="no_rule", teacher=""),
        Revoke(id="f1", at=utc(2025, 3, 1), actor="ana", object="p1", rule="no_rule", teacher=NO_TEXTS[0]),
        Redeem(id="f1", at=utc(2025, 3, 1), actor="ana", object="self", category="\ud800", hours=1),
    ],
)  # fmt: skip
def test_facts_that_are_made_are_refused_when_unfit_for_the_log(fact: Fact) -> None:
    with pytest.raises(LineError):
        check(fact)


TOKENS = (
    *(token.encode() for token in '"{}[],:\\-.eE019 \t\n\x00\x1f\x7f\x0b\u0085🀄é'),
    b"\\u0000", b"\\ud800", b"\\ud83c\\udc04", b"\\n", b"\xff", b"\xc3", b"1e5", b"2.0", b"null",
    b"true", b"NaN",
    b"-0", b"Z", b":60", b".9999999", b"+00:00", b"0000", b"9999", b"[[]]", b'"verb":"reply",',
    b'"verb":"share",',
    b'"id":"z",', b'"id":3,', b'"x":{"y":[1]},', b'"teacher":null,', b'"stars":3,',
    b'"at":"2025-01-01T00:00:00Z",',
)  # fmt: skip
edits = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from((0, 0, 0, 1, 2, 10)), st.sampled_from(TOKENS)), max_size=3
)


def edited(good: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, token in edits:
        place %= len(good) + 1
        good = good[:place] + token + good[place + length :]
    return good


def outcome(read: Any, given: bytes) -> tuple[str, datetime] | None:
    try:
        fact = read(given)
    except LineError:
        return None
    check(fact)
    return repr(type(fact)(**{**{n: getattr(fact, n) for n in fact.__struct_fields__}, "at": None})), fact.at


@pytest.mark.random
@settings(PATIENCE, max_examples=500)
@given(logs(max_stories=2), st.integers(0), st.booleans(), edits)
def test_both_ways_of_reading_a_line_agree(
    log: list[dict[str, Any]], which: int, ensure_ascii: bool, edits: list[tuple[int, int, bytes]]
) -> None:
    fields = log[which % len(log)] if log else REPLY
    given = edited(json.dumps(fields, ensure_ascii=ensure_ascii).encode(), edits)

    fast, slow = outcome(read_line, given), outcome(_read_field_by_field, given)

    assert (fast is None) == (slow is None)
    if fast is not None and slow is not None:
        assert fast[0] == slow[0]
        assert abs(fast[1] - slow[1]) <= timedelta(microseconds=1)
        assert year_of(fast[1]) == year_of(slow[1])
        fact = read_line(given)
        listed = {"id", "at", "actor", "verb", "object", *DETAILS[type(fact)]}
        extra = {name: value for name, value in json.loads(given).items() if name not in listed}
        assert json.loads(extra_of(given, fact) or "{}") == extra
