"""What a browser carries to another provider of sign-ins and back.

Apart from the talk with the provider, which loads much that a site without one never needs.
"""

import secrets

from msgspec import Struct, field

from community.refusals import Refusal


class NotKnown(Refusal):
    """The provider told nothing that can be relied on."""


class Leaving(Struct):
    """What a browser was sent to the provider with; it brings it back in a cookie of its own."""

    next: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
