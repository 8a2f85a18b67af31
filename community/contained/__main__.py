"""A contained process: `python -m community.contained SECONDS (examine PATH PLAIN DRAWN | render PATH KIND FOLDER)`.

It says what it found as JSON.
"""

import os
import sys
from pathlib import Path

import msgspec

from community.contained.limits import limit


def main(seconds: str, task: str, path: str, *given: str) -> None:
    limit(int(seconds))
    # Libraries print what they like to standard output, which what is found goes to.
    answer = os.dup(1)
    os.dup2(2, 1)
    if task == "examine":
        from community.contained.looking import look

        plain, drawn = given
        found = msgspec.json.encode(look(Path(path), plain, Path(drawn)))
    else:
        from community.contained.previews import preview

        kind, folder = given
        found = msgspec.json.encode(preview(Path(path), kind, Path(folder)))
    with os.fdopen(answer, "wb") as file:
        file.write(found)
    # Nothing is left to do, and libraries that hostile content went through take long to tidy up, or fall over.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
