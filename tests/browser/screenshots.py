"""Pictures of pages (those whose name begins with an argument, or all) as screenshots/NAME-WIDTH[-dark].png."""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.browser.pages import PAGES
from tests.browser.served import STATES, made, served
from tests.browser.windows import DESK, PHONE, Kind, NoBrowser, Window, chromium

FOLDER = Path(__file__).parents[2] / "screenshots"
KINDS = [Kind(width, dark=dark) for width in (PHONE, DESK) for dark in (False, True)]


def main(wanted: tuple[str, ...]) -> None:
    """Take them."""
    pages = [page for page in PAGES if not wanted or page.name.startswith(wanted)]
    FOLDER.mkdir(exist_ok=True)
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        needed = {page.state for page in pages}
        sites = {
            state: stack.enter_context(served(folder, *made(folder, state))) for state in STATES if state in needed
        }
        for page in pages:
            site = sites[page.state]
            for kind in KINDS:
                with Window(browser, site.address, kind, site.town.tokens.get(page.who, "")) as window:
                    page.show(window, site)
                    window.page.screenshot(path=FOLDER / f"{page.name}-{kind}.png", full_page=True)
                if page.typed is not None:
                    site.begin_again()
            print(page.name, flush=True)


if __name__ == "__main__":
    try:
        main(tuple(sys.argv[1:]))
    except NoBrowser as error:
        sys.exit(f"bin/screenshots: {error}")
