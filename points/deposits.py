"""The hour bank's two kinds of deposit, each known by the id of the fact that made it."""

from dataclasses import dataclass


@dataclass(slots=True)
class Redemption:
    """Points of a calendar year that a teacher turned into hours of a category (annex 三(一))."""

    teacher: str
    year: int
    category: str
    hours: int
    cancelled_by: str | None = None


@dataclass(slots=True)
class Registration:
    """An amount (hours; for `study_app` that app's points) that a teacher had registered from a source (五(四))."""

    teacher: str
    year: int
    source: str
    amount: int
    withdrawn_by: str | None = None
