"""One Chromium for all browser tests of a process, and sites for it to look at."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.served import Served, made, served
from tests.browser.windows import DESK, Kind, NoBrowser, Window, chromium
from tests.town import Town

OpenWindow = Callable[..., Window]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Not for the whole run: while Playwright runs, its thread can run no other event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with ExitStack() as stack:
        try:
            found = stack.enter_context(chromium())
        except NoBrowser as error:
            if os.environ.get("TEST_REQUIRE_BROWSER"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield found


@pytest.fixture(scope="package")
def site_in(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Served]]:  # fmt: skip
    """A site in a state of STATES, shared by the tests: whoever changes it lets it begin again."""
    running: dict[str, Served] = {}
    with ExitStack() as stack:

        def site_in(state: str) -> Served:
            if state not in running:
                folder = tmp_path_factory.mktemp(state)
                town = request.getfixturevalue("made_town") if state == "town" else made(folder, state)
                running[state] = stack.enter_context(served(folder, *town))
            return running[state]

        yield site_in


@pytest.fixture(scope="package")
def made_town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Town]:
    return made(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(tmp_path: Path, made_town: tuple[Path, Town]) -> Iterator[Served]:
    """A site of the test's own."""
    with served(tmp_path, *made_town) as site:
        yield site


@pytest.fixture
def window(browser: Browser) -> Iterator[OpenWindow]:
    """Opens windows on a site for somebody of its town; they are closed at the end."""
    with ExitStack() as stack:

        def window(site: Served, who: str = "", kind: Kind = Kind(DESK)) -> Window:  # noqa: B008
            token = site.town.tokens[who] if who else ""
            return stack.enter_context(Window(browser, site.address, kind, token))

        yield window


@pytest.fixture(scope="package")
def same_window(browser: Browser) -> Iterator[OpenWindow]:
    """The same, but of a kind there is only one window, which whoever comes takes over."""
    opened: dict[Kind, Window] = {}
    with ExitStack() as stack:

        def window(site: Served, who: str, kind: Kind) -> Window:
            if kind not in opened:
                opened[kind] = stack.enter_context(Window(browser, site.address, kind))
            opened[kind].take_over(site.address, site.town.tokens[who] if who else "")
            opened[kind].turn(kind)
            return opened[kind]

        yield window
