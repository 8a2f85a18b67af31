"""Numbers as people read them: thousands told apart, a true minus sign."""


def number(value: int) -> str:
    """A whole number with a true minus sign."""
    return f"{value:,}".replace("-", "−")


def signed(value: int) -> str:
    """A change: +20, −20, 0."""
    return f"+{value:,}" if value > 0 else number(value)
