"""Placeholder until the branch exam is merged."""


def sketch_of(text: str) -> list[int]:
    """None yet."""
    return []


def bands_of(sketch: list[int]) -> list[str]:
    """None yet."""
    return []


def likeness(one: list[int], other: list[int]) -> float:
    """None yet."""
    return 0.0
