"""Codes for signing in to an activity: six digits, new every 30 seconds, each good for 60."""

from base64 import b32encode
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from pyotp import TOTP

from community.refusals import WrongInput
from community.words import say

EVERY: Final = 30
"""Seconds between two codes; each holds while the next one is shown."""

STEP: Final = timedelta(seconds=EVERY)


def code_at(secret: str, now: datetime) -> str:
    """The code that is shown at this moment."""
    return _made_from(secret).at(now)


def seconds_left(now: datetime) -> int:
    """How long that code is shown still."""
    return EVERY - int(now.timestamp()) % EVERY


def demand_code(secret: str, code: str, now: datetime) -> None:
    """Raise WrongInput unless the code is the one that is shown, or the one before it."""
    codes = _made_from(secret)
    # Both are compared, whatever comes of the first.
    given = code.encode("utf-8", "replace")
    good = [compare_digest(codes.at(now - back * STEP).encode(), given) for back in (0, 1)]
    if not any(good):
        raise WrongInput(code=say("签到码不对，或者已经过期；请看屏幕上现在的六位数字。"))


def _made_from(secret: str) -> TOTP:
    return TOTP(b32encode(bytes.fromhex(secret)).decode(), interval=EVERY)
