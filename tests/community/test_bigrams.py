"""Texts as words, and what somebody looks for as terms."""

import pytest

from community.bigrams import fold, folded_at, places_of, terms_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("作业设计", ["作业", "业设", "设计", "计"]),
        ("我", ["我"]),
        ("作业，设计。", ["作业", "业", "设计", "计"]),
        ("用K12课程", ["用", "k12", "课程", "程"]),
        ("ＡＩ教学　２０２６", ["ai", "教学", "学", "2026"]),
        ("Café don't snake_case", ["cafe", "don", "t", "snake", "case"]),
        ("e\u0301tude ﬁn", ["etude", "fin"]),
        ("\U0002cb4e老师", ["\U0002cb4e老", "老师", "师"]),
        ("😀🎉 ——…", []),
        ("", []),
        ("x" * 100, ["x" * 64]),
        ("\ue001作业", ["作业", "业"]),
    ],
)
def test_a_text_has_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("作业", [(("作业",), False)]),
        ("作业设计", [(("作业", "业设", "设计"), False)]),
        ("作业 设计", [(("作业",), False), (("设计",), False)]),
        ("课", [(("课",), True)]),
        ("k1", [(("k1",), True)]),
        ("课程k12", [(("课程", "程", "k12"), True)]),
        ("K12课", [(("k12", "课"), True)]),
        ('"作业" AND NEAR(设计*) -^:', [(("作业",), False), (("and",), True), (("near",), True), (("设计",), False)]),
        ("作业 作业", [(("作业",), False)]),
        ("😀 * \" ' \\ ; --", []),
        ("  ", []),
    ],
)
def test_a_query_is_terms(query: str, terms: list[tuple[tuple[str, ...], bool]]) -> None:
    assert [(term.words, term.begun) for term in terms_of(query)] == terms


def test_of_a_long_query_only_the_beginning_is_heeded() -> None:
    (term,) = terms_of("作业" * 5000)
    assert len(term.words) == 99
    assert len(terms_of("a b c " * 5000)) == 3


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("作业设计", "谈作业设计的", ["作业设计"]),
        ("ai教学", "用 ＡＩ 教学", ["ＡＩ 教学"]),
        ("cat", "Concat Cats", ["Cat"]),
        ("设计", "设计与设计", ["设计", "设计"]),
        ("一", "㈠与一", ["㈠", "一"]),
    ],
)
def test_a_term_has_places_in_the_text_as_it_was_written(query: str, text: str, found: list[str]) -> None:
    (term,) = terms_of(query)
    folded, places = folded_at(text)
    spans = [(places[match.start()], places[match.end() - 1] + 1) for match in places_of(term).finditer(folded)]
    assert [text[start:end] for start, end in spans] == found


def test_folding_folded_text_changes_nothing() -> None:
    for text in ("Ｋ１２ Straße ǅ İ ﬃ ㍿ 作业 ẛ̣", "".join(map(chr, range(0x20, 0x3100)))):
        assert fold(fold(text)) == fold(text)
