"""The chain of an account: canonical text and digest of each link. docs/chain.md describes them in full.

A link's text, in UTF-8, is lines that end with a line feed: the previous digest (empty at first); teacher, year,
number of the link, cause (the digest of its fact, or the closing that it is); then a line for each entry. Fields are
separated by tabs, nothing is written for what is not there. Ids hold no control characters, so the text can be read
in one way only.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from points.store import Statement

ENTRY_FIELDS: Final = (
    "line", "kind", "rule", "rulebook", "thing", "happened_at", "recorded_at", "gross", "counted",
    "hours_gross", "hours_counted", "category", "source", "balance", "why",
)  # fmt: skip
"""What a link holds of an entry, in this order; times as 2025-03-01T00:00:00.000000Z."""

FACT_FIELDS: Final = ("id", "happened_at", "actor", "verb", "object", "details", "words_digest")
"""What a fact's digest covers, in this order."""


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8, as lower-case hex."""
    return sha256(text.encode()).hexdigest()


def line_of(fields: Iterable[Any]) -> str:
    """Fields as one line of canonical text."""
    return "\t".join(["" if field is None else str(field) for field in fields]) + "\n"


def link_text(head: str, teacher: str, year: int, link: int, cause: str, entry_lines: Iterable[str]) -> str:
    """The canonical text of a link; its digest is the account's new head."""
    return f"{head}\n{teacher}\t{year}\t{link}\t{cause}\n{''.join(entry_lines)}"


def words_digest(salt: str, words: str) -> str:
    """What the chain keeps of words that may be erased."""
    return digest(f"{salt}\n{words}")


def _sql(name: str, moment: str = "{}", text: str = "CAST({} AS text)") -> str:
    form = moment if name.endswith("_at") else text
    return f"coalesce({form.format(name)}, '')"


def _link_texts(moment: str, digest_of: str, aggregate: str, tab: str, feed: str) -> str:
    tab = f" || {tab} || "
    entry = tab.join(_sql(f"e.{name}", moment) for name in ENTRY_FIELDS)
    fact = tab.join(_sql(f"f.{name}", moment) for name in FACT_FIELDS)
    cause = f"CASE WHEN l.fact IS NULL THEN 'closing ' || l.closing ELSE {digest_of.format(f'{fact} || {feed}')} END"
    header = tab.join(["l.teacher", "CAST(l.year AS text)", "CAST(l.link AS text)", cause])
    return (
        f"SELECT l.teacher, l.year, l.link, coalesce(p.digest, '') || {feed} || {header} || {feed} || ("
        f" SELECT {aggregate.format(f'{entry} || {feed}')} FROM ledger_entry e"
        f" WHERE e.teacher = l.teacher AND e.year = l.year AND e.link = l.link)"
        f" FROM ledger_link l LEFT JOIN fact f ON f.id = l.fact"
        f" LEFT JOIN ledger_link p ON p.teacher = l.teacher AND p.year = l.year AND p.link = l.link - 1"
        f" ORDER BY l.teacher, l.year, l.link"
    )


LINK_TEXTS: Final = {
    "sqlite": Statement(
        _link_texts("{}", "sha256_hex({})", "group_concat({}, '' ORDER BY e.line)", tab="char(9)", feed="char(10)")
    ),
    "postgresql": Statement(
        _link_texts(
            """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
            "encode(sha256(convert_to({}, 'UTF8')), 'hex')",
            "string_agg({}, '' ORDER BY e.line)",
            tab="chr(9)",
            feed="chr(10)",
        )
    ),
}
"""Teacher, year, link and canonical text of every link, made by the database alone, by dialect.

SQLite has no SHA-256 of its own: the connection has to lend it a function `sha256_hex(text)`.
"""
