"""Near doubles: what was changed a little is found again, what is different is not."""

from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.contents import trait_of_text
from community.likeness import EMPTY, bands_of, letters_of, likeness, sketch_of

COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
)
"""Characters that Chinese texts are mostly made of."""
RANDOM = st.integers(0, 2**32)


def chinese(random: Random, letters: int) -> str:
    return "".join(random.choice(COMMON) + random.choice(("", "", "", "，", "。", "\n")) for _ in range(letters))


def changed(text: str, random: Random, places: int = 3, share: float = 0.05) -> str:
    """The text with a share of its characters changed, in a few places."""
    letters = [*text]
    run = max(1, int(len(text) * share / places))
    for _ in range(places):
        at = random.randrange(len(text) - run)
        letters[at : at + run] = random.choices(COMMON, k=run)
    return "".join(letters)


@given(RANDOM, st.integers(200, 2000))
def test_the_same_text_is_fully_alike_however_it_is_set(seed: int, letters: int) -> None:
    text = chinese(Random(seed), letters)
    other = "\u3000".join(text.replace("，", ", ").replace("\n", "\r\n"))

    assert len(sketch_of(text)) == 64
    assert likeness(sketch_of(text), sketch_of(other)) == 1.0
    assert bands_of(sketch_of(text)) == bands_of(sketch_of(other)) != []
    assert trait_of_text(text) == trait_of_text(other)


@given(RANDOM, st.integers(500, 4000))
def test_a_text_that_was_changed_a_little_is_found_and_very_like(seed: int, letters: int) -> None:
    random = Random(seed)
    text = chinese(random, letters)
    one, other = sketch_of(text), sketch_of(changed(text, random))

    assert {*bands_of(one)} & {*bands_of(other)}
    assert likeness(one, other) > 0.5
    assert likeness(one, other) == likeness(other, one)


@given(RANDOM, st.integers(200, 4000), st.integers(200, 4000))
def test_texts_that_have_nothing_to_do_with_each_other_are_not_alike(seed: int, first: int, second: int) -> None:
    random = Random(seed)
    one, other = sketch_of(chinese(random, first)), sketch_of(chinese(random, second))

    assert not {*bands_of(one)} & {*bands_of(other)}
    assert likeness(one, other) < 0.1


def test_a_part_is_as_like_as_what_it_shares() -> None:
    random = Random(1)
    text = chinese(random, 20_000)

    assert likeness(sketch_of(text), sketch_of(text[: len(text) // 2])) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("text", ["", "教案" * 99 + "一", "……，。" * 999, "\n"])
def test_short_texts_are_not_compared(text: str) -> None:
    assert sketch_of(text) == bands_of(sketch_of(text)) == []
    assert likeness([], []) == likeness([], sketch_of("一二三四五六七八九十" * 20)) == 0.0


def test_a_band_with_an_empty_bucket_says_nothing() -> None:
    sketch = sketch_of("一二三四五六七八九十" * 20)  # ten shingles

    assert sum(one != EMPTY for one in sketch) <= 10
    assert bands_of(sketch) == []
    assert likeness(sketch, sketch) == 1.0


def test_odd_characters_are_sketched_too() -> None:
    assert sketch_of("\ud800教\0案𠮷" * 200)
    assert letters_of("Ａb\ud800Ⅳ ½") == "abiv12"


def test_a_sketch_is_the_same_in_every_process_and_on_every_machine() -> None:
    assert bands_of(sketch_of("共研" + "".join(map(str, range(300)))))[:2] == ["087b3aca7d764e408", "113828a454075b240"]


def test_the_longest_text_is_sketched_at_once() -> None:
    text = chinese(Random(2), 140_000)[:200_000]
    began = process_time()
    sketch_of(text)

    assert process_time() - began < 1
