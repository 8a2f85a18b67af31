"""Notices: told once, to the right people, in the ways that they want."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from community.notices import Notice, sentence_of, tell
from community.people import welcome
from community.schools import found_school
from community.words import say
from web.database import Database

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)


def people(session: Session, *names: str) -> list[str]:
    school = found_school(session, "越秀区", "育才实验学校")
    return [
        welcome(
            session, NOW, name=name, staff_number=name, mail=f"{number}@example.org", school=school.id,
            stage="初中", subject="数学",
        ).id
        for number, name in enumerate(names)
    ]  # fmt: skip


def told(session: Session) -> list[tuple[str, str]]:
    return [(notice.person, str(sentence_of(notice, "周"))) for notice in session.exec(select(Notice))]


@pytest.mark.parametrize("number", [1, 3])
def test_a_post_tells_everybody_once_and_its_author_never(session: Session, ledger: Database, number: int) -> None:
    ids = people(session, *(f"人{n}" for n in range(number + 1)))
    for kind in ("reply", "reply", "mention"):
        tell(session, kind, [*ids, "nobody"], NOW, by=ids[0], address="/topics/topic-1#3", title="分数 100%")

    assert sorted(told(session)) == sorted((id, "周 回复了《分数 100%》") for id in ids[1:])


def test_a_decision_is_told_each_time(session: Session, ledger: Database) -> None:
    (ana,) = people(session, "安")
    for decision in (say("已被关闭"), say("已恢复")):
        tell(session, "decision", [ana], NOW, by="mo", address="/topics/topic-1", title="分数", decision=decision)

    assert [sentence for _, sentence in told(session)] == ["《分数》已被关闭", "《分数》已恢复"]
