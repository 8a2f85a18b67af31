"""Likeness: how much two texts have in common, told by sketches of them that are small and quick to compare.

A sketch holds the least hash of each of 64 shares of a text's shingles. Texts that share most of their shingles share
most of these, however long they are (one-permutation min-hash). It is the same on every machine: sketches are kept.
"""

import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

LONG_ENOUGH: Final = 200
"""Letters and digits from which on a text is sketched."""
SHINGLE: Final = 8
"""Letters that stand together."""
BUCKETS: Final = 64
BAND: Final = 4
"""Buckets that must all be equal for two texts to be looked at: the more alike they are, the surer one band is."""
EMPTY: Final = -1
"""Of a bucket that no shingle fell into."""


def letters_of(text: str) -> str:
    """A text's letters and digits, however wide, large or spaced they were: what it is known and compared by."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def sketch_of(text: str) -> list[int]:
    """The sketch: 64 numbers from 0 to 2**58, EMPTY where nothing fell; [] of a text that is too short to compare."""
    letters = letters_of(text)
    if len(letters) < LONG_ENOUGH:
        return []
    sketch = [EMPTY] * BUCKETS
    for shingle in {letters[at : at + SHINGLE] for at in range(len(letters) - SHINGLE + 1)}:
        hashed = int.from_bytes(blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        rest, bucket = divmod(hashed, BUCKETS)
        if not -1 < sketch[bucket] <= rest:
            sketch[bucket] = rest
    return sketch


def bands_of(sketch: Sequence[int]) -> list[str]:
    """A word for each four buckets, those without an empty one; texts that share a word are worth comparing."""
    found = []
    for at in range(0, len(sketch), BAND):
        band = sketch[at : at + BAND]
        if EMPTY not in band:
            said = " ".join(map(str, band)).encode()
            found.append(f"{at // BAND:x}{blake2b(said, digest_size=8).hexdigest()}")
    return found


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """From 0.0 to 1.0: which share of the buckets that both sketches have is equal; about that of common shingles."""
    both = [(mine, theirs) for mine, theirs in zip(one, other, strict=False) if EMPTY not in (mine, theirs)]
    return sum(mine == theirs for mine, theirs in both) / len(both) if both else 0.0
