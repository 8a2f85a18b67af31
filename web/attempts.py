"""Limits on trying: strict by account, generous by address, since a whole school may share one."""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from community.refusals import Refusal
from community.words import say

WITHIN: Final = timedelta(minutes=10)
BY_ACCOUNT: Final = 5
BY_ADDRESS: Final = 200
REMEMBERED: Final = 100_000
"""Accounts and addresses; beyond that the oldest are forgotten, so that memory stays bounded."""


class TooMany(Refusal):
    """Tried too often; the message says when it may be tried again."""


class Attempts:
    """Failed attempts of the last minutes, in the memory of this process."""

    def __init__(self) -> None:
        self._failed: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def demand(self, account: str, address: str, now: datetime) -> None:
        """Raise TooMany when either has failed too often."""
        with self._lock:
            for key, most in _limits(account, address):
                failed = self._failed.get(key, ())
                if len([at for at in failed if now - at < WITHIN]) >= most:
                    raise TooMany(say("尝试的次数太多，请 10 分钟后再试；忘了密码可请学校管理员重设。"))

    def fail(self, account: str, address: str, now: datetime) -> None:
        """Note a failed attempt."""
        with self._lock:
            for key, most in _limits(account, address):
                failed = self._failed.pop(key, None) or deque(maxlen=most)
                failed.append(now)
                self._failed[key] = failed
            while len(self._failed) > REMEMBERED:
                del self._failed[next(iter(self._failed))]


def _limits(account: str, address: str) -> tuple[tuple[str, int], ...]:
    return (f"account {account}", BY_ACCOUNT), (f"address {address}", BY_ADDRESS)
