"""What people and schools are called: one line, which looks like what it is."""

import re
import unicodedata
from typing import Annotated, Final

from pydantic import AfterValidator

from community.words import say

LONGEST: Final = 100
"""Characters of a name or a staff number."""
BLANK: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
"""Letters and marks that look like nothing, as in a regular expression's brackets; Unicode calls them printable."""
BLANKS: Final = re.compile(f"[{BLANK}]")
_spaces: Final = re.compile("[ \u00a0\u3000]+")


def line_of(typed: str) -> str:
    """A name as it is kept. Raises ValueError, by a sentence, when it is empty, too long or not what can be seen."""
    line = _spaces.sub(" ", typed.strip())
    if not line:
        raise ValueError(say("请填写这一项。"))
    if len(line) > LONGEST:
        raise ValueError(say("太长，最多 %(max_length)s 个字。", max_length=LONGEST))
    if not line.isprintable() or BLANKS.search(line):
        raise ValueError(say("有看不见的字符。"))
    if not any(unicodedata.category(sign)[0] in "LN" for sign in line):
        raise ValueError(say("至少要有一个字或数字。"))
    return line


def number_of(typed: str) -> str:
    """A staff number as it is kept. Raises ValueError as line_of, and for what would pass for an address."""
    number = line_of(typed).casefold()
    if "@" in number:
        raise ValueError(say("不能有 @。"))
    return number


Line = Annotated[str, AfterValidator(line_of)]
StaffNumber = Annotated[str, AfterValidator(number_of)]
