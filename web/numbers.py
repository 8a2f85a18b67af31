"""Numbers as people read them: thousands told apart, a true minus sign, bytes and seconds in what is usual."""


def number(value: int) -> str:
    """A whole number with a true minus sign."""
    return f"{value:,}".replace("-", "−")


def signed(value: int) -> str:
    """A change: +20, −20, 0."""
    return f"+{value:,}" if value > 0 else number(value)


def size(count: int) -> str:
    """Bytes as people read them: 512 B, 3.4 KB, 120 MB."""
    shown, unit = float(count), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if shown < 1000:
            break
        shown, unit = shown / 1024, larger
    return f"{shown:.0f} {unit}" if unit == "B" or shown >= 100 else f"{shown:.1f} {unit}"


def lasting(seconds: int) -> str:
    """How long something plays: 3:05, 1:02:30."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
