"""What says the same is of one family, however many ask at once."""

import pytest
from sqlmodel import Session

from community.contents import families_of, known_families, trait_of_bytes, trait_of_link, trait_of_text

TEXT = "这学期我们备课组把初二数学作业分成三层，试了四周，想听听大家的做法。" * 2


def test_files_that_share_a_trait_are_of_one_family(session: Session) -> None:
    lesson, copy, other = ["bytes 1", "text 1"], ["bytes 2", "text 1"], ["bytes 3", "text 3"]

    assert known_families(session, [lesson]) == [set()]
    ((family,), (alone,)) = families_of(session, [lesson, other])
    assert family != alone
    assert known_families(session, [copy, other, ["bytes 4"]]) == [{family}, {alone}, set()]
    assert families_of(session, [copy]) == [{family}]
    assert families_of(session, [["bytes 2"]]) == [{family}]


def test_files_of_one_resource_that_say_the_same_begin_one_family(session: Session) -> None:
    first, second, third = families_of(session, [["bytes 1", "text 1"], ["bytes 2", "text 2"], ["bytes 2", "text 1"]])

    assert first == second == third
    assert len(first) == 1


def test_a_file_may_be_of_two_families_which_stay_apart(session: Session) -> None:
    ((one,), (two,)) = families_of(session, [["bytes 1"], ["text 2"]])

    assert families_of(session, [["bytes 1", "text 2", "link 3"]]) == [{one, two}]
    assert known_families(session, [["bytes 1"], ["text 2"], ["link 3"]]) == [{one}, {two}, {min(one, two)}]


@pytest.mark.parametrize(
    "other", [TEXT.replace("，", " , "), f"\n\t{TEXT}\u3000", TEXT.replace("四", "\u200b四"), TEXT + "！！"]
)
def test_a_text_is_known_by_its_letters(other: str) -> None:
    assert trait_of_text(other) == trait_of_text(TEXT) is not None


def test_letters_however_wide_or_large_are_the_same_and_others_are_not() -> None:
    assert trait_of_text("Ｌesson Ⅳ " * 9) == trait_of_text("LESSON IV" * 9)
    assert trait_of_text(TEXT + "五") != trait_of_text(TEXT)
    assert trait_of_text("教案" * 7) is None
    assert trait_of_text("……，。" * 99) is None


def test_a_link_is_known_by_where_it_leads() -> None:
    there = trait_of_link("https://www.school.cn/lesson/")

    assert trait_of_link("http://SCHOOL.cn:80/lesson") == there
    assert trait_of_link("http://school.cn:8080/lesson") != there
    assert trait_of_link("https://school.cn/lesson?page=2") != there
    assert trait_of_bytes("ab") == "bytes ab"
