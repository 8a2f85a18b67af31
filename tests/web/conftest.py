"""The running site that most tests of pages begin with; those that need people in it have one of their own."""

from collections.abc import Iterator

import pytest

from tests.site import Site, site_on
from web.database import Database


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    with site_on(database) as site:
        yield site
