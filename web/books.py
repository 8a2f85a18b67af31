"""A year of somebody's points, gathered for a page, a sheet or a certificate."""

from dataclasses import dataclass, field

from sqlmodel import Session

from community.people import Person
from community.refusals import NotThere
from community.things import Title, titles_of
from community.words import Sentence, say
from points.entries import Counted, count_entries
from points.figures import Figures
from points.hour_bank import HourBank, hour_bank
from points.nearest import Way, nearest_way
from points.rulebook import Rulebook, Rulebooks
from points.statements import RuleProgress, TeacherProgress, account_in, figures_of, standing, years_of
from points.versions import rulebooks_of
from points.years import year_of
from web.steps import of_act, of_rule
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Book:
    """A calendar year of a person's. `standing` and `way` are there while it is `open`; `bank` holds its caps."""

    person: Person
    year: int
    years: list[int]
    open: bool
    figures: Figures
    counted: Counted
    rules: list[RuleProgress]
    hours: HourBank
    bank: Rulebook
    rulebooks: Rulebooks
    standing: TeacherProgress | None
    way: Way | None
    titles: dict[str, Title] = field(default_factory=dict)

    @property
    def spent(self) -> int:
        """Points that became hours."""
        return self.figures.redeemed_hours.total * self.bank.redemption.points_per_hour

    @property
    def meters(self) -> list[tuple[RuleProgress, Sentence]]:
        """Every rule that is on, or has brought something, and a sentence on it."""
        counts = self.counted.standing
        ahead = self.standing.things if self.standing else []
        return [
            (rule, of_rule(rule, counts, ahead, self.titles))
            for rule in self.rules
            if rule.enabled or rule.gross
        ]  # fmt: skip

    @property
    def acts(self) -> list[tuple[list[Sentence], str, int]]:
        """What would bring the next hour: in words, where, and what it adds."""
        return acts_of(self.way, self.titles)


def acts_of(way: Way | None, titles: dict[str, Title]) -> list[tuple[list[Sentence], str, int]]:
    """What a way to the next hour asks for: in words, where, and what it adds."""
    found = []
    for act in way.acts if way else []:
        title = titles.get(act.thing or "")
        found.append((of_act(act, titles), title.address if title else "", act.points))
    return found


def book_of(here: Visit, year: int | None = None) -> Book:
    """The visitor's own year, the ledger's open one if none is named. Raises NotThere for a year without an account."""
    session, person = here.session, here.me
    found = standing(session, person.id, here.now)
    known = years_of(session, person.id)
    year = found.year if year is None else year
    if not 1 <= year <= 9999 or (year not in known and year != found.year):
        raise NotThere(say("这一年没有您的积分记录。"))
    rulebooks = rulebooks_of(session)
    hours = hour_bank(session, person.id, year)
    is_open = year == found.year and year_of(here.now) <= year and hours.passed is None
    way = nearest_way(found, rulebooks.at(here.now)) if is_open else None
    bank = rulebooks.of_year(year)
    figures = figures_of(account_in(session, person.id, year), bank)
    return Book(
        person, year, sorted({*known, found.year}, reverse=True), is_open, figures,
        count_entries(session, person.id, year), found.rules if year == found.year else _rules(bank, figures), hours,
        bank, rulebooks, found if is_open else None, way, titles_ahead(session, found) if is_open else {},
    )  # fmt: skip


def titles_ahead(session: Session, found: TeacherProgress) -> dict[str, Title]:
    """Of the things that may be named: the nearest of each rule."""
    return titles_of(session, [thing.thing for thing in found.things[:100]])


def _rules(bank: Rulebook, figures: Figures) -> list[RuleProgress]:
    """The rules of a year that is not the open one."""
    found = []
    for rule in bank.rules:
        earned = figures.rules.get(rule.id)
        gross, counted = (earned.gross, earned.counted) if earned else (0, 0)
        found.append(RuleProgress(rule.id, rule.clause, rule.name, rule.enabled, gross, counted, rule.cap))
    return found
