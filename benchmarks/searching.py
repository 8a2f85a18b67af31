"""Searching 20,000 topics, beside reading as many rows by their keys as a page of hits shows.

Words that most topics have, some have, none has: hits counted by kind, the first page of them with marks, as a visitor
gets them. The second figure of each is what a visitor waits for in milliseconds, at most 50 on SQLite.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from statistics import median
from time import perf_counter

from sqlalchemy import text
from sqlmodel import Session

from benchmarks.databases import Cluster, Files, cluster, files
from benchmarks.timing import Figure, in_turn, note, show, spread
from community.findables import Findable, remember
from community.search import PAGE, find
from tests.conftest import opened
from web import schema

TOPICS = 20_000
WORDS = (
    "分层作业",
    "大单元",
    "课堂提问",
    "备课",
    "跨学科",
    "整本书阅读",
    "实验教学",
    "家校沟通",
    "班级管理",
    "信息技术",
)
QUERIES = ("作业", "分层作业", "课", "备课 提问", "k12", "没有这个")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ROUNDS = 15


def main() -> None:
    """Measure, and print the table."""
    assert schema.metadata.tables
    figures: list[Figure] = []
    with files() as place:
        figures += measured(place)
    with cluster() as server:
        figures += measured(server)
    show(f"Searching {TOPICS:,} topics", *figures)


def measured(place: Files | Cluster) -> list[Figure]:
    """The slowest of the queries, beside reading a page of rows; and the same in milliseconds."""
    url = place.copy()
    database = opened(url)
    with database.writing() as session:
        fill(session)
    place.settle(url)
    with database.reading() as session:
        ids = list(session.execute(IDS, {"many": PAGE}).scalars())

        def rows() -> float:
            start = perf_counter()
            for id in ids:
                session.execute(ROW, {"id": id}).one()
            return 1000 * (perf_counter() - start)

        def searched(query: str) -> float:
            start = perf_counter()
            find(session, None, query)
            return 1000 * (perf_counter() - start)

        *ours, bare = in_turn(ROUNDS, *(partial(searched, query) for query in QUERIES), rows)
        for query, took in zip(QUERIES, ours, strict=True):
            note(f"{place.name}: {query}, {find(session, None, query).count} hits: {spread(took)} ms")
    database.dispose()
    slowest = max(ours, key=median)
    names = f"slowest search on {place.name}"
    return [
        Figure(f"{names}, beside reading {PAGE} rows by their keys", median(slowest) / median(bare), 20,
               f"{spread(slowest)} ms", f"{spread(bare)} ms"),
        Figure(f"{names}, ms", median(slowest), 50 if place.name == "SQLite" else 150, f"{spread(slowest)} ms", ""),
    ]  # fmt: skip


IDS = text("SELECT id FROM findable ORDER BY number DESC LIMIT :many")
ROW = text("SELECT * FROM findable WHERE kind = 'topic' AND id = :id")


def fill(session: Session) -> None:
    """Topics of some hundred characters, of which each has two of ten subjects in its title."""
    random = Random(8)
    common = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 1500))
    for start in range(0, TOPICS, 1000):
        remember(session, *(
            Findable(
                kind="topic", id=f"topic-{number:06}", address=f"/topics/topic-{number:06}",
                at=BEGAN + timedelta(minutes=number), title=f"{random.choice(WORDS)}与{random.choice(WORDS)}",
                text="，".join("".join(random.choices(common, k=12)) + random.choice(WORDS) for _ in range(12)) + "K12",
                person="teacher-1", stage="初中", subject="数学",
            )
            for number in range(start, start + 1000)
        ))  # fmt: skip


if __name__ == "__main__":
    main()
