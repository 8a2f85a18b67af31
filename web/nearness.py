"""接近得分条件: one more, and a thing's owner earns."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlmodel import Session

from community.notices import News
from community.things import titles_of
from community.words import Sentence, say
from points.announcements import Announcement
from points.progress import progress
from points.statements import TeacherProgress, ThingProgress, teacher_progress
from points.store import Question, Statement, Store
from points.versions import rulebooks_of

COUNTED: Final = frozenset({"reply", "rate", "take_part", "submit"})
"""Verbs that bring a thing nearer to a condition."""

SENTENCES: Final = {
    "repliers": say("《%(title)s》还差 1 人参与就得 %(points)s 分"),
    "raters": say("《%(title)s》还差 1 人好评就得 %(points)s 分"),
    "participants": say("《%(title)s》还差 1 人参与就得 %(points)s 分"),
}
"""By what is lacking. Activities pay those who take part, not who made them: their owners are not told."""

OWNERS: Final = Statement(
    """
    WITH acted AS (SELECT thing.id, thing.container FROM ROWS(id text) AS asked JOIN thing ON thing.id = asked.id)
    SELECT thing.id, thing.owner FROM thing
    WHERE thing.removed_by IS NULL AND thing.id IN (
        SELECT id FROM acted UNION SELECT container FROM acted
        UNION SELECT around.container FROM acted JOIN thing AS around ON around.id = acted.container
    )
    """
)


def near(session: Session, taken: list[Announcement], now: datetime) -> Iterator[News]:
    """News for owners whose things lack one for a condition, and only that, once for each thing and rule (and year)."""
    acted = {one.object for one in taken if one.verb in COUNTED}
    owners: dict[str, str] = dict(Store(session).ask(Question(OWNERS, [(thing,) for thing in acted]))[0])
    steps = progress(session, owners, now)
    almost = {id for id, found in steps.items() if any(step.needs - step.has == 1 for step in found)}
    for id, title in titles_of(session, almost).items():
        mine = teacher_progress(session, owners[id], now)
        if mine is None:
            continue
        for ahead in mine.things:
            points = _points(session, mine, ahead, now) if ahead.thing == id else 0
            if points:
                said = Sentence(SENTENCES[_lacking(ahead)].pattern, {"title": title.text, "points": points})
                cause = f"near {id} {ahead.rule} {mine.year if ahead.kind == 'workshop' else 0}"
                yield News(owners[id], "near", title.address, None, cause, {"said": said})


def _lacking(ahead: ThingProgress) -> str:
    """The measure that lacks one when nothing else is lacking; empty else."""
    lacking = [step for step in ahead.measures if not step.reached]
    alone = len(lacking) == 1 and lacking[0].needs - lacking[0].has == 1
    return lacking[0].measure if alone else ""


def _points(session: Session, mine: TeacherProgress, ahead: ThingProgress, now: datetime) -> int:
    """What the owner would earn by one more: what the rule pays, as far as the cap leaves room for it."""
    if _lacking(ahead) not in SENTENCES or ahead.kind == "activity":
        return 0
    rule = rulebooks_of(session).at(now).rule(ahead.rule)
    paid = getattr(rule, "points", 0)
    paid = paid if isinstance(paid, int) else paid.host
    room = [one.cap - one.gross for one in mine.rules if one.rule == ahead.rule and one.cap is not None]
    return max(0, min(paid, *room)) if room else paid
