"""Markdown that is made to take long: no text of the length that is allowed takes much longer than an honest one."""

from collections.abc import Mapping
from time import thread_time
from typing import Final

import pytest

from community.texts import CELLS, COLUMNS, LONGEST, html_of

HOSTILE: Final[Mapping[str, str]] = {
    "wide table": "|".join("a" * 3000) + "\n" + "|".join("-" * 3000) + "\n" + "a\n" * 4000,
    "short rows": "|".join("a" * 45) + "\n" + "|".join("-" * 45) + "\n" + "a\n" * 9800,
    "long table": "a|b\n-|-\n" + "|\n" * 9990,
    "tables": "a|b\n-|-\n\n" * 2222,
    "quotations": ">" * LONGEST,
    "lazy lines": "> " * 300 + "a\n" * 9700,
    "lists": "- " * 10_000,
    "lists of lists": "".join(" " * (i % 80) + "- a\n" for i in range(450)),
    "quoted lists": "".join("> " * (i % 60) + "- a\n" for i in range(300)),
    "numbers": "1) a\n2. a\n" * 2000,
    "stars": "*" * LONGEST,
    "emphasis": "*a **b " * 2857,
    "mixed emphasis": "*_~~`[" * 3333,
    "struck out": "~~a" * 6666,
    "brackets": "[" * LONGEST,
    "pairs of brackets": "[" * 10_000 + "]" * 10_000,
    "links": "[a](" * 5000,
    "nested links": "[a" * 6000 + "](b)" * 2000,
    "pictures": "![" * 10_000,
    "nested pictures": "![" * 5000 + "](a)" * 2500,
    "parentheses": "[a](" + "(" * 19_990,
    "addresses": "<http://a>" * 2000,
    "definitions": "[a]: <b\n" * 2500,
    "entities": "&amp;" * 4000,
    "ampersands": "&" * LONGEST,
    "backticks": "".join("`" * i + "a" for i in range(1, 198)),
    "code": "`a``" * 5000,
    "fences": "``` a\n~~~\n" * 2000,
    "backslashes": "\\" * LONGEST,
    "angles": "<" * LONGEST,
    "lines": "\n" * LONGEST,
    "underlined": "a\n" * 9999 + "-",
    "mentions": "@林" * 10_000,
}
HONEST: Final = ("- **一** [二](http://a)\n" * 1000)[:LONGEST]


def seconds(text: str) -> float:
    """Of the processor."""
    begin = thread_time()
    html_of(text, {"林": "teacher-1"})
    return thread_time() - begin


@pytest.fixture(scope="module")
def honest() -> float:
    return min(seconds(HONEST) for _ in range(3))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_much_longer_than_an_honest_one(name: str, honest: float) -> None:
    text = HOSTILE[name]
    assert len(text) <= LONGEST
    # Others who use the processor make it more: once is enough.
    assert any(seconds(text) < 6 * honest for _ in range(5))


def test_a_table_beyond_its_columns_stays_as_it_is_written() -> None:
    def table(columns: int) -> str:
        return f"{'|'.join('甲' * columns)}\n{'|'.join('-' * columns)}\n"

    assert html_of(table(COLUMNS)).count("<th>") == COLUMNS
    assert "<table>" not in html_of(table(COLUMNS + 1))
    assert html_of(table(COLUMNS + 1)).count("甲") == COLUMNS + 1


def test_the_tables_of_a_text_have_so_many_cells_and_nothing_of_the_rest_is_lost() -> None:
    html = html_of("a|b\n-|-\n" + "一|二\n" * 2500 + "\n" + "a|b\n-|-\n一|二\n")

    assert html.count("<td>") + html.count("<th>") == CELLS
    assert (html.count("一"), html.count("<table>")) == (2501, 1)


def test_what_is_nested_too_deep_is_not_lost() -> None:
    assert "底" in html_of("> " * 50 + "底")
    assert "底" in html_of("".join("  " * depth + "- 层\n" for depth in range(30)) + "  " * 30 + "- 底\n")
