"""What is written is found, by whoever may find it, as long as it is there. On both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from community import findables, topics_to_find
from community.bigrams import LONGEST
from community.findables import BLOCK, Findable, FindableRow, forget, refresh, reindexing, remember
from community.people import Person, welcome
from community.posting import edit_reply, edit_topic, open_topic, reply
from community.schools import found_school
from community.search import PAGE, Found, find
from community.topics import Topic
from community.topics_to_find import refresh_more, unfinished
from community.withdrawals import (
    put_back_reply,
    put_back_topic,
    remove_reply,
    remove_topic,
    restore_topic,
    withdraw_reply,
    withdraw_topic,
)

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def lin(session: Session) -> Person:
    return joined(session, "林思敏")


def joined(session: Session, name: str, school: str = "育才实验学校", **more: Any) -> Person:
    place = found_school(session, "越秀区", school)
    return welcome(
        session, NOW, name=name, staff_number=f"no-{name}", mail=None, school=place.id,
        **{"stage": "初中", "subject": "数学", **more},
    )  # fmt: skip


def opened(session: Session, author: Person, title: str, text: str = "正文", minutes: int = 0, **more: Any) -> Topic:
    at = NOW + timedelta(minutes=minutes)
    return open_topic(
        session, author, at, title=title, text=text, **{"stage": "初中", "subject": "数学", **more}
    )  # fmt: skip


def shown(pieces: Any) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in pieces)


def titles(found: Found) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for hit in found.hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("作业", True),
        ("业设", True),
        ("作业设计", True),
        ("设计作业", False),
        ("作业 初三", True),
        ("作业 高三", False),
        ("作业布置", False),
        ("计", True),
        ("作", True),
        ("三", True),
        ("布", True),
        ("置", True),
        ("龘", False),
        ("k12", True),
        ("K1", True),
        ("12", False),
        ("Ｋ１２", True),
        ("k12课程", True),
        ("课程K12", False),
        ("geogebra", True),
        ("GEO", True),
        ("gebra", False),
        ("cafe", True),
        ("GeoGebra画图", True),
    ],
)
def test_words_are_found_where_they_stand(session: Session, lin: Person, query: str, found: bool) -> None:
    opened(session, lin, "分层作业设计", "我用 GeoGebra 画图，在 **K12课程** 的初三班试了。作业这样布置：Café。")

    assert len(find(session, None, query).hits) == found


def test_words_apart_are_no_phrase_unless_a_space_says_so(session: Session, lin: Person) -> None:
    opened(session, lin, "作业的设计")
    opened(session, lin, "作业", "设计")

    assert not find(session, None, "作业设计").hits
    assert len(find(session, None, "作业 设计").hits) == 2


def test_hits_are_marked_in_the_title_and_in_an_excerpt(session: Session, lin: Person) -> None:
    opened(session, lin, "分层作业", "前" * 300 + "，这里谈**作业**与<b>设计</b>，" + "后" * 300)

    (hit,) = find(session, None, "作业 设计").hits
    assert shown(hit.title) == "分层[作业]"
    assert "谈[作业]与<b>[设计]</b>，后" in shown(hit.text)
    assert shown(hit.text).startswith("…前")
    assert shown(hit.text).endswith("后…")
    assert len(shown(hit.text)) < 130


def test_titles_come_first_then_the_newest_and_pages_are_stable(session: Session, lin: Person) -> None:
    for number in range(30):
        opened(session, lin, f"甲{number}" if number % 3 else f"备课{number}", "说备课的事", minutes=number)
    pages = [find(session, None, "备课", page) for page in (1, 2, 3)]

    assert [(page.number, page.last, page.count, len(page.hits)) for page in pages[:2]] == [
        (1, 2, 30, 20),
        (2, 2, 30, 10),
    ]
    assert pages[2] == pages[1]
    expected = [f"备课{n}" for n in range(27, -1, -3)] + [f"甲{n}" for n in range(29, 0, -1) if n % 3]
    assert titles(pages[0]) + titles(pages[1]) == expected


def test_kinds_are_counted_and_told_apart(session: Session, lin: Person) -> None:
    topic = opened(session, lin, "分层作业", minutes=1)
    opened(session, lin, "另一个", minutes=2)
    wu = joined(session, "吴作业")
    reply(session, wu, topic.id, "我的作业也这样", NOW + timedelta(minutes=3))

    found = find(session, lin, "作业")
    assert found.counts == {"topic": 1, "reply": 1, "resource": 0, "workshop": 0, "person": 1}
    only = find(session, lin, "作业", kind="reply")
    assert (only.count, only.counts) == (1, found.counts)
    (hit,) = only.hits
    assert (shown(hit.title), shown(hit.text), hit.address) == (
        "分层[作业]",
        "我的[作业]也这样",
        f"/topics/{topic.id}#1",
    )
    assert find(session, lin, "作业", kind="nonsense").count == 3


def test_filters_narrow(session: Session, lin: Person) -> None:
    far = found_school(session, "花都区", "实验小学")
    wu = welcome(
        session, NOW, name="吴小曼", staff_number="w", mail=None, school=far.id, stage="小学", subject="语文"
    )  # fmt: skip
    opened(session, lin, "作业一")
    opened(session, wu, "作业二", stage="小学", subject="道德与法治")

    def narrowed(**filters: str) -> list[str]:
        return titles(find(session, None, "作业", 1, **filters))

    assert narrowed(stage="小学") == narrowed(subject="道德与法治") == narrowed(district=far.district) == ["作业二"]
    assert narrowed(school=far.id) == narrowed(person=wu.id) == ["作业二"]
    assert narrowed(stage="小学", subject="数学") == []
    assert narrowed(stage="小' OR \"1") == []
    assert sorted(narrowed(stage="")) == ["作业一", "作业二"]


def test_people_are_found_by_members_only(session: Session, lin: Person) -> None:
    wu = joined(session, "吴小曼", "华南师范大学附属中学", subject="英语")

    for query in ("吴小曼", "小曼", "曼", "附属中学 英语", "华南师范"):
        assert [hit.id for hit in find(session, lin, query).hits] == [wu.id]
        guest = find(session, None, query, kind="person")
        assert (guest.count, guest.counts) == (0, {"topic": 0, "reply": 0, "resource": 0, "workshop": 0})
    wu.closed_at = NOW
    session.add(wu)
    refresh(session, "person", wu.id)
    assert find(session, lin, "吴小曼").count == 0


HOSTILE = [
    '"', "'", '"作业', "作业*", "作业 AND", "NOT", "NEAR(作业 设计, 5)", "title:作业",
    "words : 作业", "^作业", "-作业", "(", "{a b} : c", "作业:*", "作业:A & !x", "a <-> b",
    "\\", "'; DROP TABLE findable; --", "%", "_", "\x00", "\ue010", "\ue020kind746f706963", "😀",
    "👩‍🏫老师", "\u202e业作", "作\u200b业", "\ud83d", "x" * 10_000, "作业" * 5_000,
    " ".join("ab" * 300), "ﷺ" * 100, "١٢٣", "ไทย ภาษา",
    "a b c d e f g h i j k l m n o p", "\U00030000", "零〇", "ﬃ", "İ", "½", "²",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_whatever_is_typed_is_only_words(session: Session, lin: Person, query: str) -> None:
    opened(session, lin, "分层作业设计", "正文" + query.replace("\0", "").encode("utf-8", "replace").decode())

    found = find(session, lin, query, 10**9, stage=query.encode("utf-8", "replace").decode().replace("\0", ""))
    assert found.number == 1
    assert find(session, lin, query, -1).number == 1
    assert find(session, lin, "分层").count == 1


@pytest.mark.parametrize("before", [BLOCK - 3, BLOCK - LONGEST, 16_383, 19_900])
def test_a_phrase_is_found_at_the_end_of_a_long_text(session: Session, lin: Person, before: int) -> None:
    several = "".join(chr(0x4E00 + number % 20_000) for number in range(before))
    opened(session, lin, "长文", several + "，凤凰涅槃浴火重生。")

    for query in ("凤凰", "凤凰涅槃浴火重生", "凰涅槃", "槃浴火重", "生 凤凰涅槃"):
        (hit,) = find(session, None, query).hits
        assert "[" in shown(hit.text)
    assert not find(session, None, "涅槃凤凰").hits


def test_what_is_remembered_again_is_found_by_its_new_words_only(session: Session) -> None:
    thing = Findable(kind="topic", id="topic-1", address="/", at=NOW, title="旧的标题", text="旧文")
    remember(session, thing)
    remember(session, replace(thing, title="新的标题", text="新文"))

    assert find(session, None, "旧文").count == find(session, None, "旧的").count == 0
    assert titles(find(session, None, "新文")) == ["新的标题"]
    forget(session, "topic", "topic-1")
    assert find(session, None, "新文").count == 0


def test_verbs_keep_the_search_true(session: Session, lin: Person) -> None:
    """Edited, withdrawn, removed and restored: what is found is what stands, in the same transaction."""
    wu, boss = joined(session, "吴小曼"), joined(session, "陈主任", role="bureau")
    topic = opened(session, lin, "分层作业", "旧的说法", tags=["减负", "双减政策"]).id
    for words in ("赞成分层", "反对分层"):
        reply(session, wu, topic, words, NOW)

    def counts(query: str, **filters: str) -> tuple[int, int]:
        found = find(session, None, query, 1, **filters).counts
        return found["topic"], found["reply"]

    assert (counts("分层"), counts("双减"), counts("旧的说法")) == ((1, 2), (1, 0), (1, 0))
    edit_topic(session, lin, topic, NOW, title="分组作业", text="新的说法", stage="高中", subject="物理")
    assert (counts("分层作业"), counts("双减"), counts("旧的")) == ((0, 0), (0, 0), (0, 0))
    assert counts("新的说法", stage="高中") == (1, 0)
    assert counts("分层", stage="高中", subject="物理") == (0, 2)
    assert counts("分层", stage="初中") == (0, 0)
    assert {shown(hit.title) for hit in find(session, None, "赞成").hits} == {"分组作业"}
    edit_reply(session, wu, topic, 1, "我改主意了", NOW)
    assert (counts("赞成"), counts("改主意")) == ((0, 0), (0, 1))

    withdraw_reply(session, wu, topic, 1, NOW)
    assert counts("改主意") == (0, 0)
    put_back_reply(session, wu, topic, 1, NOW)
    assert counts("改主意") == (0, 1)
    remove_reply(session, boss, topic, 2, "离题", NOW)
    remove_topic(session, boss, topic, "广告", NOW)
    assert counts("分组") == counts("改主意") == counts("反对") == (0, 0)
    restore_topic(session, boss, topic, "", NOW)
    assert (counts("分组"), counts("改主意"), counts("反对")) == ((1, 0), (0, 1), (0, 0))
    withdraw_topic(session, lin, topic, NOW)
    assert counts("分组") == counts("改主意") == (0, 0)


def test_many_long_replies_follow_their_topic_a_few_at_a_time(
    session: Session, lin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics_to_find, "CHARACTERS", 100)
    topic = opened(session, lin, "分层作业", "旧的说法").id
    for n in range(7):
        reply(session, joined(session, f"教师{n}"), topic, "同意分层" * 10, NOW)
    stage = {"title": "分层作业", "text": "旧的说法", "stage": "高中", "subject": "数学"}

    def counts(stage: str = "") -> tuple[int, int]:
        found = find(session, lin, "分层", stage=stage)
        return found.counts["reply"], sum(hit.kind.name == "reply" for hit in found.hits)

    def finish() -> int:
        steps = 0
        while left := unfinished(session):
            refresh_more(session, left)
            steps += 1
        return steps

    edit_topic(session, lin, topic, NOW, **stage | {"stage": "初中", "text": "新的说法"})
    assert unfinished(session) is None
    edit_topic(session, lin, topic, NOW, **stage)
    assert (counts("高中"), counts("初中")) == ((2, 2), (5, 5))
    assert (finish(), counts("高中"), counts("初中")) == (3, (7, 7), (0, 0))
    withdraw_topic(session, lin, topic, NOW)
    assert counts() == (5, 0)  # none of them is shown
    refresh_more(session, topic)
    put_back_topic(session, lin, topic, NOW)  # begins anew
    assert (finish(), counts()) == (3, (7, 7))
    withdraw_topic(session, lin, topic, NOW)
    assert (finish(), counts(), finish()) == (3, (0, 0), 0)


def test_many_of_one_moment_are_all_found(session: Session) -> None:
    many = [Findable(kind="person", id=f"teacher-{n}", address="/", at=NOW, title=f"王{n}") for n in range(5000)]
    remember(session, *many)
    remember(session, *reversed(many))

    somebody = Person(id="x", name="x", school="x", stage="", subject="", joined_at=NOW)
    assert find(session, somebody, "王").count == 5000
    assert find(session, somebody, "王 4").count == 1 + 10 + 100 + 1000
    assert titles(find(session, somebody, "王4999")) == ["王4999"]
    seen = [hit.id for page in range(1, 12) for hit in find(session, somebody, "王", page).hits]
    assert len(seen) == len(set(seen)) == 11 * PAGE


def test_the_index_can_be_made_anew(session: Session, lin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = opened(session, lin, "分层作业")
    for _ in range(12):
        reply(session, joined(session, f"教师{_}"), topic.id, "同意分层", NOW)
    session.flush()
    before = everything(session)
    assert len(before) == 1 + 12 + 13
    session.execute(text("DELETE FROM findable"))
    assert find(session, lin, "分层").count == 0

    remember(session, Findable(kind="topic", id="topic-gone", address="/", at=NOW, title="分层"))
    monkeypatch.setattr(findables, "MANY", 5)
    assert sum(batch(session) for batch in reindexing()) == 2 * len(before) + 1
    assert everything(session) == before
    assert find(session, lin, "分层").count == 13


def everything(session: Session) -> list[Any]:
    session.expire_all()
    return sorted(row.model_dump_json() for row in session.exec(select(FindableRow)))


@pytest.fixture
def sound(session: Session) -> Iterator[None]:
    yield
    if session.connection().dialect.name == "sqlite":
        session.execute(text("INSERT INTO findable_words (findable_words, rank) VALUES ('integrity-check', 1)"))


pytestmark = pytest.mark.usefixtures("sound")
