"""Many at once, at the site itself: two browsers, two requests, one tenth place."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import httpx2
import pytest
from sqlalchemy import text

from community.posting import open_topic, reply
from community.sign_ins import sign_in
from points.audit import audit
from tests.memories import Ledger
from tests.races.test_races import ROUNDS
from tests.running import running
from tests.site import OURS, Site
from web.database import Database

rounds = range(min(ROUNDS, 100))


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    site = Site(database)
    yield site
    site.app.state.database.dispose()


@pytest.mark.parametrize("so_many_before", [8, 18])
def test_of_two_repliers_to_the_last_place_each_counts_and_the_award_comes_once(
    site: Site, so_many_before: int
) -> None:
    author, *others = site.join("林思敏", *(f"回复者{n}" for n in range(so_many_before)))
    racers = site.join("吴小曼", "许国栋")
    with site.database.writing() as session:
        tokens = [sign_in(session, racer, site.now, "", "") for racer in racers]
        topics = []
        for n in rounds:
            at = site.now + timedelta(minutes=n)
            topic = open_topic(session, author, at, title=f"话题{n}", text="内容", stage="初中", subject="数学")
            session.flush()
            for other in others:
                reply(session, other, topic.id, "同感", at)
            topics.append(topic.id)
    site.now += timedelta(days=1)
    line = Barrier(len(tokens), lambda: setattr(site, "now", site.now + timedelta(minutes=1)))

    def replied(token: str, address: str) -> list[int]:
        with httpx2.Client(base_url=address, cookies={"gongyan": token}, headers=OURS, timeout=60) as browser:
            answers = []
            for topic in topics:
                line.wait(60)
                answers.append(
                    browser.post(f"/topics/{topic}/replies", data={"text": "我也来", "key": f"{token}{topic}"})
                )
            return [answer.status_code for answer in answers]

    with running(site) as address, ThreadPoolExecutor() as pool:
        statuses = [each.result() for each in [pool.submit(replied, token, address) for token in tokens]]

    assert statuses == [[303] * len(topics)] * 2
    rule = "topic_discussed" if so_many_before == 8 else "popular_topic"
    with site.database.reading() as session:
        count = f"SELECT thing, count(*), sum(gross) FROM ledger_entry WHERE rule = '{rule}' GROUP BY thing"
        assert {row[0]: (row[1], int(row[2])) for row in session.execute(text(count))} == dict.fromkeys(topics, (1, 10))
        places = session.execute(text("SELECT topic, max(number), count(*) FROM reply GROUP BY topic")).all()
        assert {tuple(place) for place in places} == {
            (topic, so_many_before + 2, so_many_before + 2) for topic in topics
        }
        assert audit(session).disagreement is None
        Ledger(session).prove()
