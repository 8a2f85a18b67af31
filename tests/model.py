"""The rules once more: slow, plain and on their own, to hold the engine against.

Nothing is kept but the accepted facts, the awards with the year in which each was earned, and what the closed
years came to. The rest is asked of the facts anew each time: who takes part, what is removed, which award
stands. It assumes the present rulebook, and lines that are fit for the log.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Line = dict[str, Any]


class Award(NamedTuple):
    rule: str
    thing: str
    teacher: str
    year: int


CREATES = {
    "share": "resource", "open_topic": "topic", "found_workshop": "workshop", "create_activity": "activity",
    "submit": "submission",
}  # fmt: skip
NEEDS = {  # what must be there, and within reach
    "revise": "resource", "rate": "resource", "reply": "topic", "create_activity": "workshop",
    "take_part": "activity", "submit": "activity", "recommend": "submission", "feature": "workshop",
}  # fmt: skip
POINTS = {
    "share_resource": 20, "topic_discussed": 10, "found_workshop": 50, "create_activity": 20,
    "excellent_resource": 20, "popular_topic": 10, "activity_participation": 10, "homework_recommended": 20,
    "workshop_active": 20, "workshop_featured": 100,
}  # fmt: skip
HOST_POINTS = {"workshop_active": 100, "workshop_featured": 500}
UNCAPPED = ("activity_participation", "homework_recommended", "workshop_active", "workshop_featured")
CAP = 100  # of every other rule, in a calendar year
SOURCES = {
    "public": ["public_course"],
    "professional": [
        "online_course", "training_class", "state_training", "research_activity", "online_trainer", "studio",
        "degree_related", "achievement", "vocational_certificate", "industry_training",
        "psychology_certificate",
    ],
    "elective": ["elective_course", "school_research", "study_app", "degree_unrelated"],
}  # fmt: skip
MOST_HOURS = {  # counted a year
    "research_activity": 10, "studio": 42, "degree_related": 28, "achievement": 28,
    "vocational_certificate": 20, "industry_training": 42, "school_research": 18,
    "study_app": 8, "degree_unrelated": 18,
}  # fmt: skip


class Model:
    """What a log gives, by the letter of the rules."""

    def __init__(self) -> None:
        self.year = 0  # the open one; every year before it is closed
        self.facts: dict[str, Line] = {}
        self.about: dict[str, list[Line]] = defaultdict(list)  # thing: the accepted facts that name it
        self.awards: dict[str, list[Award]] = defaultdict(list)  # thing: what was ever earned by it
        self.closed: dict[int, dict[str, dict[str, Any]]] = {}

    def take(self, line: Line) -> str | None:
        """Take one line of the log; None when it is accepted, else the reason."""
        fact = {**line, "year": year_of(line["at"])}
        self.until(fact["year"])
        reason = next((reason for wrong, reason in self.refusals(fact) if wrong), None)
        if reason is None:
            self.facts[fact["id"]] = fact
            self.about[fact["object"]].append(fact)
            if fact["verb"] in ("create_activity", "submit"):
                self.about[fact["target"]].append(fact)
            self.give_awards(fact)
        return reason

    def until(self, year: int) -> None:
        """Close every year before this one."""
        if not self.facts:
            self.year = max(self.year, year)
        while self.year < year:
            self.closed[self.year] = self.figures(closing=True)
            self.year += 1

    def teachers(self) -> dict[str, dict[str, Any]]:
        """The `teachers` object of a run."""
        result: dict[str, dict[str, Any]] = defaultdict(dict)
        for year, figures in [*self.closed.items(), (self.year, self.figures(closing=False))]:
            for teacher, theirs in figures.items():
                result[teacher][str(year)] = theirs
        return dict(result)

    def refusals(self, fact: Line) -> Iterator[tuple[bool, str]]:
        """What can be wrong with a fact, in the order in which it is tested."""
        verb, me, thing = fact["verb"], fact["actor"], fact["object"]
        yield fact["id"] in self.facts, "duplicate_fact"
        yield fact["year"] < self.year, "year_closed"
        if verb in NEEDS:
            place = fact["target"] if verb in ("create_activity", "submit") else thing
            yield self.kind(place) != NEEDS[verb], "unknown_object"
            yield self.out_of_reach(place), "removed"
        if verb in CREATES:
            yield self.kind(thing) is not None, "duplicate_object"
        match verb:
            case "create_activity":
                yield me != self.owner(fact["target"]), "not_host"
            case "revise":
                yield me != self.owner(thing), "not_owner"
            case "rate":
                yield not whole(fact["stars"], 1, 5), "bad_stars"
                yield me == self.owner(thing), "own_content"
            case "recommend":
                yield me != self.owner(self.container(thing)), "not_host"
                yield me == self.owner(thing), "own_content"
                yield self.said(thing, "recommend") != [], "already_recommended"
            case "feature":
                yield self.said(thing, "feature") != [], "already_featured"
            case "retract":
                yield self.kind(thing) not in ("topic", "activity"), "unknown_object"
                yield fact["teacher"] not in self.participants(thing), "nothing_to_retract"
            case "remove":
                yield self.kind(thing) is None, "unknown_object"
                yield self.removed(thing), "removed"
            case "restore":
                yield self.kind(thing) is None, "unknown_object"
                yield not self.removed(thing), "not_removed"
            case "revoke":
                yield self.kind(thing) is None, "unknown_object"
                there = [award for award in self.awards[thing] if falls_under(award, fact)]
                yield all(self.revoked(award) for award in there), "nothing_to_revoke"
            case "redeem":
                yield fact["category"] not in ("professional", "elective"), "bad_category"
                yield not whole(fact["hours"], 1), "bad_hours"
                redeemed = self.redeemed(me)
                yield redeemed[fact["category"]] + fact["hours"] > 10, "hour_cap"
                yield 100 * (sum(redeemed.values()) + fact["hours"]) > self.earned(me), "insufficient_points"
            case "register_hours":
                yield not any(fact["source"] in sources for sources in SOURCES.values()), "bad_source"
                most = 3_000_000 if fact["source"] == "study_app" else 10_000
                yield not whole(fact["hours"], 1, most), "bad_hours"
                yield fact["source"] == "achievement" and fact["hours"] not in (28, 14), "bad_hours"
            case "cancel_redemption" | "withdraw_hours":
                undone = "redeem" if verb == "cancel_redemption" else "register_hours"
                yield thing not in self.facts or self.facts[thing]["verb"] != undone, "unknown_object"
                yield self.said(thing, verb) != [], "unknown_object"
                yield self.facts[thing]["year"] < self.year, "year_closed"

    # What an accepted fact earns.

    def give_awards(self, fact: Line) -> None:
        me, thing = fact["actor"], fact["object"]
        match fact["verb"]:
            case "share":
                others = [one for one in self.about if self.kind(one) == "resource" and one != thing]
                if not any(fact["content"] in self.contents(one) for one in others if not self.removed(one)):
                    self.earn("share_resource", thing, {me})
            case "found_workshop" | "create_activity":
                self.earn(fact["verb"], thing, {me})
            case "recommend":
                self.earn("homework_recommended", thing, {self.owner(thing)})
            case "feature":
                self.earn("workshop_featured", thing, {self.owner(thing)} | self.participants(thing))
            case "rate":
                stars = self.ratings(thing)
                if sum(star >= 3 for star in stars) >= 20 and sum(stars) >= 3 * len(stars):
                    self.earn("excellent_resource", thing, {self.owner(thing)})
            case "reply":
                for rule, enough in {"topic_discussed": 10, "popular_topic": 20}.items():
                    if len(self.participants(thing)) >= enough:
                        self.earn(rule, thing, {self.owner(thing)})
            case "take_part" | "submit":
                activity = thing if fact["verb"] == "take_part" else fact["target"]
                takers, outcomes = self.participants(activity), self.within(activity)
                enough = len(takers) >= 10 and not all(self.removed(one) for one in outcomes)
                if enough or self.earners("activity_participation", activity):
                    self.earn("activity_participation", activity, takers)
                workshop = self.container(activity)
                takers = self.participants(workshop, self.year)
                if len(takers) >= 10 or self.earners("workshop_active", workshop):
                    self.earn("workshop_active", workshop, {self.owner(workshop)} | takers)

    def earn(self, rule: str, thing: str, teachers: set[str]) -> None:
        from_all = [one for one in self.said(thing, "revoke") if one["rule"] == rule and "teacher" not in one]
        barred = any(self.same_term(rule, one["year"]) for one in from_all)
        earning = set() if barred else teachers - self.earners(rule, thing)
        self.awards[thing] += [Award(rule, thing, teacher, self.year) for teacher in earning]

    def earners(self, rule: str, thing: str) -> set[str]:
        """Who has earned this once already, whatever came of it."""
        there = [award for award in self.awards[thing] if award.rule == rule]
        return {award.teacher for award in there if self.same_term(rule, award.year)}

    def same_term(self, rule: str, year: int) -> bool:
        """Earned once ever, or once a year."""
        return rule != "workshop_active" or year == self.year

    def stands(self, award: Award) -> bool:
        """Whether an award of the open year does."""
        if self.removed(award.thing) or self.revoked(award):
            return False
        if award.rule == "activity_participation":
            return award.teacher in self.participants(award.thing)
        if award.rule == "workshop_active" and award.teacher != self.owner(award.thing):
            return award.teacher in self.participants(award.thing, award.year)
        return True

    def revoked(self, award: Award) -> bool:
        return any(falls_under(award, one) for one in self.said(award.thing, "revoke"))

    # What the facts say of a thing.

    def said(self, thing: str, *verbs: str) -> list[Line]:
        """The accepted facts of these verbs that name it, in order."""
        return [one for one in self.about.get(thing, ()) if one["verb"] in verbs]

    def creation(self, thing: str) -> Line:
        return next((one for one in self.said(thing, *CREATES) if one["object"] == thing), {"verb": None})

    def kind(self, thing: str) -> str | None:
        return CREATES.get(self.creation(thing)["verb"])

    def owner(self, thing: str) -> str:
        return str(self.creation(thing)["actor"])

    def container(self, thing: str) -> str:
        return str(self.creation(thing)["target"])

    def within(self, container: str) -> list[str]:
        inside = self.said(container, "create_activity", "submit")
        return [one["object"] for one in inside if one["target"] == container]

    def removed(self, thing: str) -> bool:
        return len(self.said(thing, "remove")) > len(self.said(thing, "restore"))

    def out_of_reach(self, thing: str) -> bool:
        """Removed itself, or by what contains it."""
        inside = self.kind(thing) in ("activity", "submission")
        return self.removed(thing) or (inside and self.out_of_reach(self.container(thing)))

    def contents(self, resource: str) -> set[str]:
        return {one["content"] for one in self.said(resource, "share", "revise")}

    def ratings(self, resource: str) -> list[int]:
        return list({one["actor"]: one["stars"] for one in self.said(resource, "rate")}.values())

    def participants(self, thing: str, year: int | None = None) -> set[str]:
        """Those who take part in a topic, an activity or a workshop, in this year or at all."""
        if self.kind(thing) == "workshop":
            return set().union(*(self.participants(activity, year) for activity in self.within(thing)))
        taking_part: set[tuple[str, int]] = set()
        for one in self.said(thing, "reply", "take_part", "submit", "retract"):
            if one["verb"] == "retract":
                taking_part = {(teacher, when) for teacher, when in taking_part if teacher != one["teacher"]}
            else:
                taking_part.add((one["actor"], one["year"]))
        return {teacher for teacher, when in taking_part if year in (None, when)} - {self.owner(thing)}

    # What a teacher has in the open year.

    def figures(self, closing: bool) -> dict[str, dict[str, Any]]:
        """Each teacher's open year, as it stands or as it closes."""
        before = self.closed.get(self.year - 1, {})
        carried = {teacher: theirs["hours"]["carried_out"] for teacher, theirs in before.items()}
        earners = {one.teacher for awards in self.awards.values() for one in awards if one.year == self.year}
        actors = {one["actor"] for one in self.facts.values() if one["year"] == self.year}
        accounts = {one: self.account(one, carried.get(one, 0), closing) for one in earners | actors | {*carried}}
        return {teacher: account for teacher, account in accounts.items() if any(numbers_in(account))}

    def account(self, teacher: str, carried_in: int, closing: bool) -> dict[str, Any]:
        redeemed = self.redeemed(teacher)
        hours = self.hours(teacher)
        public, professional, elective = hours.values()
        passed = public >= 30 and professional + carried_in >= 42 and elective >= 18
        passed = passed and public + professional + elective + carried_in >= 90
        earned = self.earned(teacher)
        left = earned - 100 * sum(redeemed.values())
        return {
            "rules": self.rules(teacher),
            "earned": earned,
            "redeemed_hours": redeemed,
            "expired": left if closing else 0,
            "balance": 0 if closing else left,
            "hours": {
                **hours,
                "carried_in": carried_in,
                "passed": passed if closing else None,
                "carried_out": min(professional, professional + carried_in - 42) if closing and passed else 0,
            },
        }

    def rules(self, teacher: str) -> dict[str, dict[str, int]]:
        gross: dict[str, int] = defaultdict(int)
        for award in (one for awards in self.awards.values() for one in awards if one.teacher == teacher):
            if award.year == self.year and self.stands(award):
                as_host = award.rule in HOST_POINTS and teacher == self.owner(award.thing)
                gross[award.rule] += HOST_POINTS[award.rule] if as_host else POINTS[award.rule]
        return {
            rule: {"gross": points, "counted": points if rule in UNCAPPED else min(CAP, points)}
            for rule, points in gross.items()
        }

    def earned(self, teacher: str) -> int:
        return sum(rule["counted"] for rule in self.rules(teacher).values())

    def redeemed(self, teacher: str) -> dict[str, int]:
        mine = self.done("redeem", teacher, undone_by="cancel_redemption")
        return {
            category: sum(one["hours"] for one in mine if one["category"] == category)
            for category in ("professional", "elective")
        }

    def hours(self, teacher: str) -> dict[str, int]:
        registered: dict[str, int] = defaultdict(int)
        for one in self.done("register_hours", teacher, undone_by="withdraw_hours"):
            registered[one["source"]] += one["hours"]
        registered["study_app"] //= 300
        hours = {"public": 0, **self.redeemed(teacher)}
        for category, sources in SOURCES.items():
            for source in sources:
                hours[category] += min(registered[source], MOST_HOURS.get(source, registered[source]))
        return hours

    def done(self, verb: str, teacher: str, undone_by: str) -> list[Line]:
        mine = [one for one in self.facts.values() if (one["verb"], one["actor"]) == (verb, teacher)]
        return [one for one in mine if one["year"] == self.year and not self.said(one["id"], undone_by)]


def year_of(at: str) -> int:
    """The calendar year of a moment in Asia/Shanghai; a leap second belongs to its minute."""
    moment = datetime.fromisoformat(at.upper().replace(":60", ":59"))
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).year


def whole(value: object, least: int, most: int | None = None) -> bool:
    return type(value) is int and least <= value and (most is None or value <= most)


def falls_under(award: Award, revocation: Line) -> bool:
    rule, year, teacher = revocation["rule"], revocation["year"], revocation.get("teacher", award.teacher)
    return (award.rule, award.year, award.teacher) == (rule, year, teacher)


def numbers_in(account: Any) -> Iterator[int]:
    if isinstance(account, dict):
        for value in account.values():
            yield from numbers_in(value)
    else:
        yield account or 0
