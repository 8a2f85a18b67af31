"""What uploads are used in: a file belongs to one thing, and is kept as long as that may be read."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, or_

Use = Callable[[Any, str], ColumnElement[bool]]
"""Whether an upload (a column) is in a thing of one kind other than that of this id (empty: in any), for statements."""
USES: Final[list[Use]] = []


def uses_uploads(use: Use) -> Use:
    """Ask this use too: each kind of things that have files names its own."""
    USES.append(use)
    return use


def is_used(upload: Any, but: str = "") -> ColumnElement[bool]:
    """Whether an upload is a file of a thing other than this one, in whatever version, for statements."""
    return or_(*(use(upload, but) for use in USES))
