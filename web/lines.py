"""The lines of a statement as people read them: what it was, whose doing, why it counted so, and where to look."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from community.people import Person, names_of
from community.receipts import numbers_of
from community.refusals import NotThere
from community.things import Title, titles_of
from community.words import Sentence, say
from points.entries import entries_called
from points.policy import CATEGORY_NAMES
from points.redemption import cancelled_of
from points.rulebook import Rulebooks
from points.rulebook_tables import Repliers
from points.statements import PassbookEntry
from points.versions import rulebooks_of
from web.numbers import number
from web.reasons import brought_by, called, filled, limited, reason, said

SOMEBODY: Final = say("一位老师")
SOMETHING: Final = say("另一份资源")

AWARDED: Final = {
    "share_resource": (say("分享《%(title)s》"), say("分享一份资源")),
    "topic_discussed": (say("话题《%(title)s》满 %(n)s 人参与"), say("一个话题满 %(n)s 人参与")),
    "found_workshop": (say("创立工作坊《%(title)s》"), say("创立一个工作坊")),
    "create_activity": (say("创建活动《%(title)s》"), say("创建一个活动")),
    "excellent_resource": (say("《%(title)s》成为优秀资源"), say("一份资源成为优秀资源")),
    "popular_topic": (say("话题《%(title)s》满 %(n)s 人参与"), say("一个话题满 %(n)s 人参与")),
    "activity_participation": (say("参与活动《%(title)s》"), say("参与一个活动")),
    "homework_recommended": (say("作业《%(title)s》被推优"), say("一份作业被推优")),
    "workshop_active": (say("工作坊《%(title)s》活跃"), say("一个工作坊活跃")),
    "workshop_featured": (say("工作坊《%(title)s》置顶"), say("一个工作坊置顶")),
}
"""What was awarded: with the thing's title, and for a thing that the site does not know."""
TAKEN: Final = {
    "reversal": (say("收回：%(name)s《%(title)s》"), say("收回：%(name)s")),
    "restoration": (say("归还：%(name)s《%(title)s》"), say("归还：%(name)s")),
}
HOURS: Final = {
    "redemption": say("兑换%(category)s %(hours)s 学时"),
    "cancellation": say("取消兑换：%(category)s %(hours)s 学时"),
    "registration": say("登记：%(name)s %(hours)s 学时"),
    "withdrawal": say("撤下登记：%(name)s %(hours)s 学时"),
    "carry": say("上年结转 %(hours)s 学时"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in words; `address` is its thing's page, `receipt` the number of its receipt, `words` what was said.

    `cancelled`: it is a redemption that a later entry cancels.
    """

    entry: PassbookEntry
    what: Sentence
    address: str
    notes: list[Sentence]
    words: str
    receipt: str
    cancelled: bool = False

    @property
    def at_year_end(self) -> bool:
        """Whether it stands at 24:00 of the year's last day."""
        return self.entry.kind == "expiry"

    @property
    def moves_points(self) -> bool:
        """Whether it is about points; others are about hours only."""
        return self.entry.rule is not None or self.entry.counted != 0


def lines_of(session: Session, teacher: Person, entries: Sequence[PassbookEntry], rulebooks: Rulebooks) -> list[Line]:
    """The entries in words, four statements however many."""
    titles = titles_of(session, [id for entry in entries for id in (entry.thing, entry.first)])
    people = names_of(session, [entry.cause.actor for entry in entries if entry.cause])
    redemptions = [e.cause.fact for e in entries if e.cause and e.kind == "redemption"]
    receipts, cancelled = numbers_of(session, redemptions), cancelled_of(session, teacher.id, redemptions)
    return [_line(teacher, entry, titles, people, receipts, cancelled, rulebooks) for entry in entries]


def line_called(session: Session, teacher: Person, entry: str) -> Line:
    """The line of an entry, by YEAR.LINK.LINE. Raises NotThere."""
    named = entries_called(session, {entry: (teacher.id, entry)})
    if not named:
        raise NotThere(say("没有找到这一笔记录。"))
    return lines_of(session, teacher, [named[entry]], rulebooks_of(session))[0]


def what_they_are(session: Session, named: Mapping[str, tuple[str, str]]) -> dict[str, Sentence]:
    """What entries were, by whatever asks for them, each by its teacher and YEAR.LINK.LINE; a few statements."""
    found, rulebooks = entries_called(session, named), rulebooks_of(session)
    titles = titles_of(session, [entry.thing for entry in found.values()])
    return {asker: _what(entry, titles.get(entry.thing or ""), rulebooks) for asker, entry in found.items()}


def _line(
    teacher: Person, entry: PassbookEntry, titles: Mapping[str, Title], people: Mapping[str, str],
    receipts: Mapping[str, str], cancelled: Set[str], rulebooks: Rulebooks,
) -> Line:  # fmt: skip
    title = titles.get(entry.thing or "")
    cause = entry.cause

    def person(id: str) -> str:
        return people.get(id, SOMEBODY)

    def thing(id: str) -> str:
        return say("《%(title)s》", title=titles[id].text) if id in titles else SOMETHING

    notes = [brought_by(teacher.id, entry, person), reason(teacher.id, entry, person, thing), limited(entry)]
    return Line(
        entry, _what(entry, title, rulebooks), title.address if title else "", [note for note in notes if note],
        said(cause), receipts.get(cause.fact, "") if cause and entry.kind == "redemption" else "",
        cause is not None and entry.kind == "redemption" and cause.fact in cancelled,
    )  # fmt: skip


def _what(entry: PassbookEntry, title: Title | None, rulebooks: Rulebooks) -> Sentence:
    given = {"title": title.text} if title else {}
    if entry.kind in ("award", "earned_nothing") and entry.rule in AWARDED:
        rule = rulebooks.versions[entry.rulebook - 1].rule(entry.rule)
        if rule is not None and isinstance(rule.threshold, Repliers):
            given["n"] = str(rule.threshold.repliers)
        return filled(AWARDED[entry.rule][0 if title else 1], **given)
    if entry.kind in TAKEN:
        return filled(TAKEN[entry.kind][0 if title else 1], name=Sentence(entry.name, {}), **given)
    if entry.kind in HOURS:
        hours = number(abs(entry.hours_gross))
        category = Sentence(CATEGORY_NAMES.get(entry.category or "", ""), {})
        return filled(HOURS[entry.kind], name=Sentence(entry.name, {}), category=category, hours=hours)
    return called(entry)
