"""Two share the same at one moment: one family, one award, and whoever came second is told before it is published."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import httpx2
import pytest
from sqlalchemy import text
from sqlmodel import Session

from community.people import Person
from community.prospects import given
from community.refusals import NotAllowed
from community.resource_withdrawals import put_back_resource, withdraw_resource
from community.sharing import share_resource
from community.sign_ins import sign_in
from community.uploads import Upload
from points.audit import audit
from tests.memories import Ledger
from tests.races.test_races import ROUNDS
from tests.running import running
from tests.site import BEGIN, OURS, Site
from web.database import Database

WORDS = {
    "title": "分层作业的教案", "text": "三层", "kind": "plan", "stage": "初中", "subject": "数学",
    "licence": "teaching",
}  # fmt: skip


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    site = Site(database)
    yield site
    site.app.state.database.dispose()


def by_text(number: int, sharer: int) -> list[str]:
    return [f"bytes {number} {sharer}\ntext {number}"]


def by_one_of_two_files(number: int, sharer: int) -> list[str]:
    files = [f"bytes {number} a", f"bytes {number} b\ntext {number}"]
    return files if sharer else files[::-1]


def by_bytes_of_one_and_text_of_another(number: int, sharer: int) -> list[str]:
    return [f"bytes {number}\ntext {number} {sharer}", f"bytes {number} {sharer} b\ntext {number}"]


@pytest.mark.parametrize("alike", [by_text, by_one_of_two_files, by_bytes_of_one_and_text_of_another])
def test_of_two_who_share_the_same_at_once_one_earns(site: Site, alike: Callable[[int, int], list[str]]) -> None:
    rounds = range(ROUNDS)
    pairs = [site.join(f"甲{number}", f"乙{number}") for number in rounds]
    with site.database.writing() as session:
        tokens = [[sign_in(session, person, site.now, "", "") for person in pair] for pair in pairs]
        for number, pair in enumerate(pairs):
            for sharer, person in enumerate(pair):
                for file, traits in enumerate(alike(number, sharer)):
                    upload(session, person, f"upload-{number}-{sharer}-{file}", traits)
    line = Barrier(2)

    def shared(sharer: int, address: str) -> list[int]:
        with httpx2.Client(base_url=address, headers=OURS, timeout=60) as browser:
            answers = []
            for number in rounds:
                files = [f"upload-{number}-{sharer}-{file}" for file in range(len(alike(number, sharer)))]
                typed = {**WORDS, "uploads[]": files, "shown": "20", "key": f"key-{number}-{sharer}"}
                browser.cookies.set("gongyan", tokens[number][sharer])
                line.wait(60)
                answers.append(browser.post("/resources", data=typed))
            return [answer.status_code for answer in answers]

    with running(site) as address, ThreadPoolExecutor() as pool:
        first, second = [each.result() for each in [pool.submit(shared, n, address) for n in range(2)]]

    assert [sorted(pair) for pair in zip(first, second, strict=True)] == [[303, 409]] * len(rounds)
    with site.database.reading() as session:
        contents = sum(len(alike(number, 0)) for number in rounds)
        assert [row.standing for row in session.execute(text("SELECT standing FROM content"))] == [1] * contents
        earned = "SELECT count(*), sum(gross) FROM ledger_entry WHERE rule = 'share_resource'"
        assert tuple(session.execute(text(earned)).one()) == (len(rounds), 20 * len(rounds))
        assert session.execute(text("SELECT count(*) FROM resource")).scalar_one() == len(rounds)
        assert audit(session).disagreement is None
        Ledger(session).prove()


def test_of_one_who_puts_back_and_one_who_shares_the_same_at_once_one_is_paid(site: Site) -> None:
    rounds = range(ROUNDS)
    pairs = [site.join(f"甲{number}", f"乙{number}") for number in rounds]
    with site.database.writing() as session:
        tokens = [[sign_in(session, person, site.now, "", "") for person in pair] for pair in pairs]
        first = []
        for number, pair in enumerate(pairs):
            for sharer, person in enumerate(pair):
                upload(session, person, f"upload-{number}-{sharer}", f"bytes {number}")
            session.flush()
            parts = given(session, pair[0], [f"upload-{number}-0"])
            id, _ = share_resource(session, pair[0], site.now, parts=parts, **WORDS)
            withdraw_resource(session, pair[0], id, site.now)
            first.append(id)
    site.now += timedelta(minutes=1)
    line = Barrier(2)

    def put_back(browser: httpx2.Client, number: int) -> int:
        return browser.post(f"/resources/{first[number]}/withdrawal/delete").status_code

    def shared(browser: httpx2.Client, number: int) -> int:
        files = [f"upload-{number}-1"]
        typed = {**WORDS, "uploads[]": files, "shown": "20", "key": f"key-{number}-1"}
        return browser.post("/resources", data=typed).status_code

    def run(who: int, act: Callable[[httpx2.Client, int], int], address: str) -> list[int]:
        with httpx2.Client(base_url=address, headers=OURS, timeout=60) as browser:
            answers = []
            for number in rounds:
                browser.cookies.set("gongyan", tokens[number][who])
                line.wait(60)
                answers.append(act(browser, number))
            return answers

    with running(site) as address, ThreadPoolExecutor() as pool:
        back, new = [
            one.result() for one in [pool.submit(run, 0, put_back, address), pool.submit(run, 1, shared, address)]
        ]

    assert {*zip(back, new, strict=True)} <= {(303, 409), (403, 303)}
    with site.database.reading() as session:
        assert [row.standing for row in session.execute(text("SELECT standing FROM content"))] == [1] * ROUNDS
        paid = "SELECT sum(counted) FROM ledger_entry WHERE rule = 'share_resource'"
        assert session.execute(text(paid)).scalar_one() == 20 * ROUNDS
        assert audit(session).disagreement is None
        Ledger(session).prove()


def test_of_two_that_were_each_paid_and_are_put_back_at_once_one_stands(site: Site) -> None:
    pairs = [site.join(f"甲{number}", f"乙{number}") for number in range(ROUNDS)]
    withdrawn: list[list[str]] = []
    with site.database.writing() as session:
        for number, pair in enumerate(pairs):
            withdrawn.append([])
            for sharer, person in enumerate(pair):
                upload(session, person, f"upload-{number}-{sharer}", f"bytes {number}")
                session.flush()
                parts = given(session, person, [f"upload-{number}-{sharer}"])
                id, _ = share_resource(session, person, site.now, parts=parts, **WORDS)
                withdraw_resource(session, person, id, site.now)
                withdrawn[-1].append(id)
        session.expunge_all()
    line = Barrier(2)

    def run(who: int) -> list[bool]:
        done = []
        for pair, ids in zip(pairs, withdrawn, strict=True):
            line.wait(60)
            try:
                with site.database.writing() as session:
                    put_back_resource(session, pair[who], ids[who], site.now)
            except NotAllowed:
                done.append(False)
            else:
                done.append(True)
        return done

    with ThreadPoolExecutor() as pool:
        first, second = [one.result() for one in [pool.submit(run, who) for who in range(2)]]

    assert [a + b for a, b in zip(first, second, strict=True)] == [1] * ROUNDS
    with site.database.reading() as session:
        assert [row.standing for row in session.execute(text("SELECT standing FROM content"))] == [1] * ROUNDS
        paid = "SELECT sum(counted) FROM ledger_entry WHERE rule = 'share_resource'"
        assert session.execute(text(paid)).scalar_one() == 20 * ROUNDS
        assert audit(session).disagreement is None


def upload(session: Session, owner: Person, id: str, traits: str) -> None:
    session.add(
        Upload(
            id=id, owner=owner.id, school=owner.school, name=f"{id}.pdf", kind="application/pdf", bytes=9,
            traits=traits, began_at=BEGIN, arrived_at=BEGIN,
        )
    )  # fmt: skip
