"""Hypothesis strategies for activity logs: a small cast and few things, so that what is rare meets often.

A step is a handful of drafts, lines that lack their id and time; a Scribe gives them both, as they come.
"""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from itertools import chain
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Line = dict[str, Any]
Step = SearchStrategy[list[Line]]

CAST = ("ana", "ana", "ana", "陈静", "陈静", "self", "🀄" * 200)
# Names that are easily taken for one another, and those that a database or a format might stumble over.
CROWD = (
    "Ana", "ana ", " ana", "é", "e\u0301", "ß", "ss", "0", "00", "null", "%", "_", "'", '"', "\\", "🀄" * 199,
    "老" * 200,
    *(f"t{number}" for number in range(18, 26)),
)  # fmt: skip
THINGS = {
    "resource": ("r1", "r2", "资源", "f1"),
    "topic": ("p1", "self", "P1"),
    "workshop": ("w1", "w" * 200),
    "activity": ("a1", "a2", "a1 "),
    "submission": ("s1", "s2", "s3"),
}
CONTENTS = ("c1", "c2", "C1")
REDEMPTIONS = ("x1", "x2", "x3", "p1")
REGISTRATIONS = ("h1", "h2", "h3", "r1")

RULES = {
    "resource": ("share_resource", "excellent_resource"),
    "topic": ("topic_discussed", "popular_topic"),
    "workshop": ("found_workshop", "workshop_active", "workshop_featured"),
    "activity": ("create_activity", "activity_participation"),
    "submission": ("homework_recommended",),
}
SOURCES = (
    "public_course", "online_course", "training_class", "state_training", "research_activity",
    "online_trainer", "studio", "degree_related", "achievement", "vocational_certificate",
    "industry_training", "psychology_certificate", "elective_course", "school_research", "study_app",
    "degree_unrelated",
)  # fmt: skip

NO_WHOLE_NUMBERS: tuple[Any, ...] = (
    0,
    -1,
    True,
    False,
    None,
    1.5,
    2.0,
    1e1,
    "3",
    "",
    [],
    [3],
    {},
    {"hours": 3},
)
SHANGHAI = ZoneInfo("Asia/Shanghai")


class When(NamedTuple):
    """A moment in a year that only the scribe knows: `turn` years on, or in the one before if `late`."""

    turn: int = 0
    late: bool = False
    day: str = "03-01T08:00:00"  # in Shanghai
    offset: float = 8


class Scribe:
    """Gives drafts an id, unless they have one, and their time."""

    def __init__(self, year: int = 2025) -> None:
        self.year = year
        self.count = 0

    def write(self, draft: Line) -> Line:
        self.count += 1
        when: When = draft.get("when", When())
        self.year += when.turn
        line = {"id": f"f{self.count}", "at": moment(self.year - when.late, when), **draft}
        line.pop("when", None)
        return line


def moment(year: int, when: When) -> str:
    if when.offset == 8:
        return f"{year}-{when.day}+08:00"
    shanghai = datetime.fromisoformat(f"{year}-{when.day.replace(':60', ':59')}").replace(tzinfo=SHANGHAI)
    spelled = shanghai.astimezone(timezone(timedelta(hours=when.offset))).isoformat()
    return spelled.replace("+00:00", "Z")


def mostly(common: SearchStrategy[Any], rare: SearchStrategy[Any], odds: int = 6) -> SearchStrategy[Any]:
    """The rare one once in `odds` times; `one_of` knows no weights."""
    is_rare = st.sampled_from((False,) * (odds - 1) + (True,))
    return is_rare.flatmap(lambda chosen: rare if chosen else common)


def a(*kinds: str) -> SearchStrategy[str]:
    """The id of a thing of these kinds, as a rule, and more often than not of the first one."""
    first = st.sampled_from([THINGS[kind][0] for kind in kinds])
    right = st.sampled_from([name for kind in kinds for name in THINGS[kind]])
    wrong = st.sampled_from([name for names in THINGS.values() for name in names] + ["nothing", "x1"])
    return mostly(first, mostly(right, wrong, 4), 3)


cast = st.sampled_from(CAST)
anybody = st.one_of(cast, st.sampled_from(CROWD))
groups = st.builds(
    lambda first, size: [CROWD[(first + number) % len(CROWD)] for number in range(size)],
    st.sampled_from((0, 0, 0, 5, 12)),
    st.sampled_from((10, 9, 1, 2, 11, 20, 19, 24)),
)
days = st.sampled_from((
    "06-30T23:00:00", "01-01T00:00:00", "12-31T23:59:59.999999", "12-31T23:59:59.99999999", "12-31T23:59:60",
    "02-28T12:00:00.5",
))  # fmt: skip
offsets = st.sampled_from((8, 0, -5, 5.75, 14))
times = mostly(
    st.just(When()),
    st.builds(When, turn=st.just(0), late=st.sampled_from((False, False, False, True)), day=days, offset=offsets),
)
# Fields that only other verbs list: nobody looks at them.
strays = mostly(
    st.just({}),
    st.dictionaries(
        st.sampled_from(("content", "stars", "target", "teacher", "rule", "category", "hours", "source", "year")),
        st.sampled_from(("w1", "ana", "c1", None, 3, 2.5, [], {"a": 1})),
        max_size=3,
    ),
)
LISTED = {
    "share": ("content",), "revise": ("content",), "rate": ("stars",), "create_activity": ("target",),
    "submit": ("target",), "retract": ("teacher",), "revoke": ("rule", "teacher"),
    "redeem": ("category", "hours"), "register_hours": ("source", "hours"),
}  # fmt: skip


def draft(verb: str, actor: Any, thing: Any, **fields: Any) -> SearchStrategy[Line]:
    """One line of this verb; each value is a strategy or the thing itself."""
    given = {"actor": actor, "verb": verb, "object": thing, "when": times, **fields}
    strategies = {name: it if isinstance(it, SearchStrategy) else st.just(it) for name, it in given.items()}
    return st.builds(
        lambda line, stray: {**{k: v for k, v in stray.items() if k not in LISTED.get(verb, ())}, **line},
        st.fixed_dictionaries(strategies),
        strays,
    )


def one(verb: str, actor: Any, thing: Any, **fields: Any) -> Step:
    return draft(verb, actor, thing, **fields).map(lambda line: [line])


def each(verb: str, actor: Any, thing: Any, **fields: Any) -> Step:
    """The same line for each of a group, in the field whose value is `groups`."""
    field = "actor" if actor is groups else "teacher"
    return draft(verb, actor, thing, **fields).map(lambda line: [{**line, field: who} for who in line[field]])


PROLOGUE: list[Line] = [
    {"actor": "ana", "verb": "found_workshop", "object": "w1"},
    {"actor": "ana", "verb": "create_activity", "object": "a1", "target": "w1"},
    {"actor": "ana", "verb": "create_activity", "object": "a2", "target": "w1"},
    {"actor": "ana", "verb": "open_topic", "object": "p1"},
    {"actor": "ana", "verb": "share", "object": "r1", "content": "c1"},
    {"actor": "t25", "verb": "submit", "object": "s1", "target": "a1"},
    *({"actor": who, "verb": "take_part", "object": "a1"} for who in CROWD[:8]),
    *({"actor": who, "verb": "reply", "object": "p1"} for who in CROWD[:9]),
    *({"actor": who, "verb": "rate", "object": "r1", "stars": 3} for who in CROWD[:19]),
]
prologues = mostly(
    st.sampled_from((PROLOGUE, PROLOGUE[:6])),
    st.sets(st.integers(0, 5)).map(lambda some: [PROLOGUE[number] for number in sorted(some)]),
)

contents = st.sampled_from(CONTENTS)
shares = st.one_of(
    one("share", cast, a("resource"), content=contents),
    one("revise", cast, a("resource"), content=contents),
    st.builds(
        lambda actor, name, size: [
            {"actor": actor, "verb": "share", "object": f"{name}{number}", "content": f"{name}{number}"}
            for number in range(size)
        ],
        cast,
        st.sampled_from(("one", "two", "three")),
        st.integers(1, 7),
    ),
)
stars = mostly(st.integers(1, 5), st.sampled_from((6, 10**30, -(10**4000), *NO_WHOLE_NUMBERS)))
ratings = st.one_of(
    one("rate", anybody, a("resource"), stars=stars),
    one("rate", "ana", "r1", stars=stars),
    each("rate", groups, a("resource"), stars=st.sampled_from((3, 3, 4, 5, 2, 1))),
)
topics = one("open_topic", cast, a("topic"))
replies = st.one_of(one("reply", anybody, a("topic")), each("reply", groups, a("topic")))
workshops = st.one_of(
    one("found_workshop", cast, a("workshop")),
    one("create_activity", cast, a("activity"), target=a("workshop")),
    one("create_activity", cast, a("activity"), target=a("workshop")),
)
takings = st.one_of(one("take_part", anybody, a("activity")), each("take_part", groups, a("activity")))
submissions = st.one_of(
    one("submit", anybody, a("submission"), target=a("activity")),
    each("submit", groups, a("submission"), target=a("activity")).map(
        lambda lines: [{**line, "object": f"s-{line['actor'][:4]}"} for line in lines]
    ),
)
honours = st.one_of(one("recommend", cast, a("submission")), one("feature", anybody, a("workshop")))
retractions = st.one_of(
    one("retract", cast, a("topic", "activity", "activity"), teacher=anybody),
    each("retract", cast, a("topic", "activity", "activity"), teacher=groups),
)
removals = one("remove", cast, a(*THINGS))
restorations = one("restore", cast, a(*THINGS))
revocations = mostly(
    st.one_of(
        *(one("revoke", cast, a(kind), rule=st.sampled_from(rules)) for kind, rules in RULES.items()),
        *(one("revoke", cast, a(kind), rule=st.sampled_from(rules), teacher=anybody) for kind, rules in RULES.items()),
    ),
    one("revoke", cast, a(*THINGS), rule=st.sampled_from(("no_rule", *sum(RULES.values(), ())))),
)
selves = mostly(st.just("self"), st.sampled_from(("other", "p1", "x1")))
categories = mostly(st.sampled_from(("elective", "professional")), st.sampled_from(("public", "Elective", "elective ")))
redeemed = mostly(st.sampled_from((1, 1, 2, 3, 5)), st.sampled_from((10, 11, 10**30, 10**4000, *NO_WHOLE_NUMBERS)), 4)
redemptions = st.one_of(
    one("redeem", cast, selves, category=categories, hours=redeemed),
    one("redeem", cast, selves, category=categories, hours=redeemed, id=st.sampled_from(REDEMPTIONS)),
)
cancellations = one("cancel_redemption", cast, st.sampled_from((*REDEMPTIONS, *REDEMPTIONS, "h1", "f3", "w1")))
sources = mostly(st.sampled_from(SOURCES), st.sampled_from(("achievement", "study_app", "gossip", "public")))
registered = mostly(
    st.sampled_from((14, 28, 5, 9, 10, 18, 30, 42, 90, 300, 299, 1, 10_000)),
    st.sampled_from((10_001, 3_000_000, 3_000_001, 10**30, *NO_WHOLE_NUMBERS)),
)
registrations = st.one_of(
    one("register_hours", cast, selves, source=sources, hours=registered),
    one("register_hours", cast, selves, source=sources, hours=registered, id=st.sampled_from(REGISTRATIONS)),
)
GOOD_SOURCES = ("public_course", "elective_course", "training_class")
good_years: Step = st.builds(
    lambda actor, years: [
        {
            "actor": actor, "verb": "register_hours", "object": "self", "source": source, "hours": number,
            "when": When(turn=int(year > 0 and source == GOOD_SOURCES[0])),
        }
        for year, numbers in enumerate(years)
        for source, number in zip(GOOD_SOURCES, numbers, strict=True)
    ],
    cast,
    st.lists(
        st.tuples(
            st.sampled_from((30, 30, 29)),
            st.sampled_from((18, 18, 17)),
            st.sampled_from((42, 41, 100, 10, 1)),
        ),
        min_size=1,
        max_size=3,
    ),
)  # fmt: skip
withdrawals = one("withdraw_hours", cast, st.sampled_from((*REGISTRATIONS, *REGISTRATIONS, "x1", "f2")))
study_app_points = one(
    "register_hours", cast, "self", source="study_app", hours=st.sampled_from((299, 300, 2, 150, 2400))
)
riches: Step = st.builds(
    lambda actor, name: [
        {"actor": actor, "verb": verb, "object": f"{name}{number}", "content": f"{name}{number}"}
        for number, verb in enumerate(["share"] * 6 + ["found_workshop"] * 2)
    ],
    cast,
    st.sampled_from(("one", "two", "three")),
)
reused_ids: Step = st.builds(
    lambda lines, id: [{**lines[0], "id": id}],
    st.one_of(topics, replies, takings, redemptions, registrations),
    st.sampled_from(("f1", "f2", "f3", "f20", "x1", "h1", "a1", "no" * 100)),
)


def now_or_later(step: Step) -> Step:
    """The same, now and then in a later year."""
    turns = st.sampled_from((0, 0, 0, 0, 1, 1, 2, 5))
    return st.builds(lambda lines, turn: [{**lines[0], "when": When(turn=turn)}, *lines[1:]], step, turns)


def story(*steps: Step, at_most: int = 6) -> Step:
    """Some of these steps, one after the other: what belongs together meets."""
    return st.lists(st.one_of(*steps), min_size=1, max_size=at_most).map(lambda some: [*chain(*some)])


def moderation(*kinds: str) -> Step:
    revoked = [
        one("revoke", cast, a(kind), rule=st.sampled_from(RULES[kind]), **who)
        for kind in kinds
        for who in ({}, {"teacher": anybody})
    ]
    return st.one_of(one("remove", cast, a(*kinds)), one("restore", cast, a(*kinds)), st.one_of(*revoked))


STEPS: dict[str, Step] = {
    "resources": story(shares, shares, moderation("resource"), now_or_later(shares)),
    "ratings": story(ratings, ratings, ratings, moderation("resource"), now_or_later(ratings)),
    "topics": story(replies, replies, topics, retractions, moderation("topic"), now_or_later(replies)),
    "workshops": story(workshops, workshops, moderation("workshop", "activity")),
    "activities": story(
        takings,
        takings,
        takings,
        submissions,
        retractions,
        moderation("activity", "submission"),
        now_or_later(takings),
    ),
    "honours": story(honours, honours, submissions, retractions, moderation("workshop", "submission")),
    "points": story(
        redemptions,
        redemptions,
        redemptions,
        riches,
        cancellations,
        removals,
        restorations,
        now_or_later(redemptions),
    ),
    "hours": story(registrations, good_years, study_app_points, withdrawals, redemptions, now_or_later(registrations)),
    "anything": mostly(st.one_of(removals, restorations, revocations), reused_ids),
}


def written(steps: Iterable[list[Line]]) -> list[Line]:
    """The drafts of all steps as lines of one log."""
    scribe = Scribe()
    return [scribe.write(draft) for step in steps for draft in step]


def logs(max_stories: int = 10) -> SearchStrategy[list[Line]]:
    """Whole logs, in the shape of the lines of the activity log."""
    stories = st.lists(st.one_of(*STEPS.values()), max_size=max_stories)
    return st.builds(lambda prologue, stories: written([prologue, *stories]), prologues, stories)


# A step costs more than Hypothesis likes, and its fewest draws are many.
PATIENCE = settings(deadline=None, suppress_health_check=list(HealthCheck))
EFFORTS = {
    "default": settings(PATIENCE, max_examples=160, stateful_step_count=20),
    "long": settings(PATIENCE, max_examples=2000, stateful_step_count=30),
}
"""How much to try: about 15 seconds of a state machine, or as long as it takes."""
EFFORT = EFFORTS[os.environ.get("GONGYAN_HYPOTHESIS", "default")]
