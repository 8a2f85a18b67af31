"""Who sees a resource that is gone, and what is in it: whoever shared it and the staff of its district, nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlmodel import col, select

from community.collections import Collected, collect
from community.downloads import Download
from community.prospects import given
from community.ratings import Rating
from community.resource_withdrawals import remove_resource, withdraw_resource
from community.resources import Resource
from community.sharing import revise_resource, share_resource
from community.uploads import Upload
from tests.conftest import Filled
from tests.files import pdf
from tests.site import Site
from tests.town import AWAY, BUREAU, CROWD, ELSEWHERE, MODERATOR, NOW, OTHER, OWNER, SCHOOL, SILENCED, Town
from tests.uploaded import uploaded
from tests.web.test_nonsense import settled
from web.shelving import shelve_all

GUEST = ""
ABOUT = {"kind": "other", "stage": "小学", "subject": "数学", "licence": "by"}
SENT = {
    "": {"title": "改了", "text": "改了", **ABOUT},
    "/collection": {},
    "/downloads": {"version": "1", "number": "1"},
    "/rating": {"stars": "5", "text": ""},
    "/versions": {"link": "https://school.example/"},
}
EVERYBODY = (GUEST, OWNER, OTHER, SILENCED, MODERATOR, AWAY, SCHOOL, ELSEWHERE, BUREAU)
LOOKING = {OWNER, MODERATOR, BUREAU}
"""Who sees it all the same."""
TITLE = "密铺图形的教具照片"
MINUTE = timedelta(minutes=1)


class Street(NamedTuple):
    """The town's site, with a resource of the owner's whose two versions lie on the shelf, a picture and a PDF."""

    site: Site
    town: Town
    resource: str

    def seen_by(self, address: str) -> set[str]:
        """Who of everybody is shown what is at an address of the resource; the others are told that there is none."""
        answers = {}
        for who in EVERYBODY:
            self.be(who)
            answers[who] = self.site.get(f"/resources/{self.resource}{address}").status_code
        assert {*answers.values()} <= {200, 303, 404}, answers
        return {who for who, status in answers.items() if status == 200}

    def be(self, who: str) -> None:
        self.site.browser.cookies.clear()
        if who:
            self.site.enter(self.town.tokens[who])

    def gone(self, way: str) -> None:
        """Let its sharer or staff take it away."""
        with self.site.database.writing() as session:
            if way == "withdrawn":
                withdraw_resource(session, self.town.people[OWNER], self.resource, NOW)
            else:
                remove_resource(session, self.town.people[MODERATOR], self.resource, "与教研无关", NOW)


@pytest.fixture
def street(filled: Filled, tmp_path: Path) -> Iterator[Street]:
    database, town = filled(settled)
    site = Site(database, files=tmp_path, disk_floor=0)
    site.now = NOW
    owner, shelf = town.people[OWNER], site.app.state.shelf
    picture = uploaded(database, shelf, owner, NOW)
    paper = uploaded(database, shelf, owner, NOW, pdf("密铺"), "application/pdf", "密铺.pdf")
    assert shelve_all(database, shelf, lambda: NOW)
    with database.writing() as session:
        resource, _ = share_resource(
            session, owner, NOW - 2 * MINUTE, title=TITLE, text="三种密铺。",
            parts=given(session, owner, [picture, paper]), **ABOUT,
        )  # fmt: skip
        revise_resource(session, owner, resource, given(session, owner, [paper], "", resource), "少了一张", NOW)
        collect(session, town.people[OTHER], resource, NOW)
    yield Street(site, town, resource)
    site.app.state.database.dispose()


FOR_MEMBERS = ("/files/1/1", "/files/1/2", "/files/2/1?download=1", "/files/1/2/pages/1")
FOR_ALL = ("", "?version=1", "/versions", "/cover")


@pytest.mark.parametrize("way", ["withdrawn", "removed"])
def test_what_is_gone_is_there_for_its_sharer_and_the_staff_of_its_district(street: Street, way: str) -> None:
    for address in FOR_ALL:
        assert street.seen_by(address) == {*EVERYBODY}, address
    for address in FOR_MEMBERS:
        assert street.seen_by(address) == {*EVERYBODY} - {GUEST}, address

    street.gone(way)

    for address in FOR_ALL + FOR_MEMBERS:
        assert street.seen_by(address) == LOOKING, address


@pytest.mark.parametrize("way", ["withdrawn", "removed"])
def test_what_is_gone_is_in_no_list_but_ones_own(street: Street, way: str) -> None:
    street.gone(way)
    lists = ["/", "/resources", "/resources?order=best", "/resources?order=used", f"/search?q={TITLE}"]
    for who in EVERYBODY:
        street.be(who)
        assert not [address for address in lists if TITLE in main(street.site.get(address).text)], who
    street.be(OTHER)
    assert TITLE not in street.site.get("/resources?order=collected").text
    street.be(OWNER)
    assert TITLE in street.site.get("/resources?order=mine").text


@pytest.mark.parametrize("way", ["withdrawn", "removed"])
def test_what_is_gone_is_not_rated_collected_changed_or_counted(street: Street, way: str) -> None:
    street.gone(way)
    before = counts(street)
    for who in (OWNER, OTHER, MODERATOR):
        street.be(who)
        for address, typed in SENT.items():
            answer = street.site.post(f"/resources/{street.resource}{address}", key=f"{who}{address}", **typed)
            # Where files are taken along leads to the file, which says what there is.
            assert answer.status_code in ({303} if address == "/downloads" else {403, 404, 409, 422}), (who, address)
    assert counts(street) == before


def test_a_version_that_is_not_there_has_no_files(street: Street) -> None:
    street.be(OTHER)
    for address in ("/files/3/1", "/files/1/3", "/files/2/2", "/files/1/1/pages/2", "/files/1/2/pages/9"):
        assert street.site.get(f"/resources/{street.resource}{address}").status_code == 404


def test_files_of_one_resource_are_not_reached_through_another(street: Street) -> None:
    street.gone("withdrawn")
    street.be(OTHER)
    assert street.site.get(f"/resources/{street.town.ids['resource']}/files/2/1").status_code == 404
    assert street.site.get(f"/resources/{street.town.ids['resource']}?version=2").status_code == 404


def test_nobody_shares_the_uploads_of_others(street: Street) -> None:
    with street.site.database.reading() as session:
        ids = list(session.exec(select(Upload.id).where(col(Upload.owner) == street.town.people[OWNER].id)))
    street.be(CROWD[0])
    before = counts(street)
    for id in ids:
        typed = {"title": "我的", "text": "我的", **ABOUT, "uploads[]": id, "shown": "20", "key": id}
        assert street.site.post("/resources", **typed).status_code == 422
    assert counts(street) == before


def main(page: str) -> str:
    """What a page shows, without the field in which is what was searched for."""
    return page.replace(f'value="{TITLE}"', "").replace(f"“{TITLE}”", "").replace(f"<title>{TITLE}", "")


def counts(street: Street) -> list[object]:
    """All that could have become another."""
    with street.site.database.reading() as session:
        resources = session.exec(select(Resource).order_by(col(Resource.id))).all()
        said = [(one.id, one.title, one.version, one.raters, one.downloads) for one in resources]
        return [said, *(len(session.exec(select(table)).all()) for table in (Rating, Collected, Download))]
