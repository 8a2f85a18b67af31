"""Links to elsewhere, as people type them."""

from typing import Final
from urllib.parse import urlsplit

from community.refusals import WrongInput
from community.words import say

LONGEST: Final = 1000


def link_of(typed: str) -> str:
    """The address on the web that was typed, whole; https:// is put before one without it. Raises WrongInput."""
    address = typed.strip()
    if "://" not in address:
        address = f"https://{address}"
    if not _is_one(address):
        raise WrongInput(link=say("请填写完整的网址，例如 https://www.example.com/lesson。"))
    return address


def _is_one(address: str) -> bool:
    """Whether it leads to a host by http or https, and shows where: a name before an @ would hide it."""
    if len(address) > LONGEST or not address.isprintable() or any(sign in ' "<>\\^`{|}' for sign in address):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".") and "@" not in parts.netloc
