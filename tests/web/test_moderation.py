"""Moderation over HTTP: reports, review, removal with its preview, appeals, restrictions, and the log of all of it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from community.notice_lists import notices_of
from community.notices import sentence_of
from community.passwords import set_password
from community.people import Person, welcome
from community.posting import open_topic, reply
from community.profiles import set_mail
from community.receipts import redeem as redeem_with_receipt
from community.review import write
from community.schools import found_school
from community.sign_ins import sign_in
from community.withdrawals import withdraw_reply
from points.audit import audit
from points.facts import Fact
from points.ledger import report
from points.redemption import redeem
from points.statements import balances
from tests import cast
from tests.conftest import Filled
from tests.site import BEGIN, HASHED, OURS, Site, key_of, site_on, statements_heard, wrong_in
from web.announcing import announce
from web.database import Database
from web.languages import catalogue

WHY = {"ground": "advert", "reason": "整段都是课外班广告"}
OTHER_WHY = WHY | {"ground": "other"}
"""A ground of every measure."""


class Town:
    """Two districts: teachers, a moderator of each, an officer of the bureau, and topics that were discussed."""

    def __init__(self, site: Site, people: dict[str, Person], crowd: list[Person]) -> None:
        self.site, self.people, self.crowd = site, people, crowd
        self.browsers = dict[str, TestClient]()
        self.written_at = site.now - timedelta(days=1)

    def person(self, name: str, district: str, role: str = "teacher", password: bool = True) -> Person:
        with self.site.database.writing() as session:
            person = self.people[name] = welcomed(session, name, district, role, password)
            session.expunge(person)
        return person

    def does(self, verb: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        with self.site.database.writing() as session:
            return verb(session, *arguments, **more)

    def topic(self, author: str = "林", repliers: int = 10, title: str = "分层作业") -> str:
        """A topic with so many repliers of the crowd; its id."""
        self.written_at += timedelta(minutes=2)  # nobody writes too fast
        with self.site.database.writing() as session:
            who, at = self.people[author], self.written_at
            topic = open_topic(session, who, at, title=title, text="正文", stage="初中", subject="数学").id
            for replier in self.crowd[:repliers]:
                reply(session, replier, topic, "同感", at)
        return topic

    def happen(self, *facts: Fact) -> None:
        """Report facts as another system does."""
        for fact in facts:
            self.site.now += timedelta(seconds=1)
            fact.at = self.site.now
            self.does(report, fact, self.site.now)

    def browser(self, name: str) -> TestClient:
        if name not in self.browsers:
            browser = self.browsers[name] = TestClient(
                self.site.app, base_url="http://127.0.0.1:8000", follow_redirects=False
            )
            token = self.does(sign_in, self.people[name], self.site.now, "Chromium", "127.0.0.1")
            browser.cookies.set("gongyan", token, "127.0.0.1")
        return self.browsers[name]

    def get(self, name: str, address: str) -> Response:
        return self.browser(name).get(address)

    def post(self, name: str, address: str, **typed: str) -> Response:
        return self.browser(name).post(address, data={"key": str(uuid4()), **typed}, headers=OURS)

    def measure(self, name: str, noun: str, **asked: str) -> Response:
        """Look at a measure's page and take what it shows."""
        query = "&".join(f"{field}={value}" for field, value in asked.items())
        shown = self.get(name, f"/moderation/{noun}/new?{query}")
        assert shown.status_code == 200, shown.text
        why = WHY if noun == "removals" else OTHER_WHY
        return self.post(name, f"/moderation/{noun}", shown=shown_in(shown), **asked, **why)

    def review(self, name: str, held: str, verdict: str = "approval", **typed: str) -> Response:
        """Look at a held text and decide about what is shown."""
        address = f"/moderation/reviews/{held}"
        return self.post(name, f"{address}/{verdict}", shown=shown_in(self.get(name, address)), **typed)

    def told(self, name: str) -> list[tuple[str, str]]:
        """The kind and the words of what staff brought upon the person."""
        announce(self.site.database, self.site.now)
        with self.site.database.reading() as session:
            items = notices_of(session, self.people[name].id).items
            return [
                (notice.kind, catalogue("zh").said(sentence_of(notice)))
                for notice, _ in items
                if notice.kind in ("decision", "reversal")
            ]

    def balance(self, name: str, year: str = "2026") -> int:
        with self.site.database.reading() as session:
            years = balances(session).get(self.people[name].id, {})
            return years[year].balance if year in years else 0

    def entry(self, name: str, kind: str) -> str:
        """The address of the person's latest entry of a kind."""
        with self.site.database.reading() as session:
            row = session.execute(
                text("SELECT year, link, line FROM ledger_entry WHERE teacher = :t AND kind = :k ORDER BY link DESC"),
                {"t": self.people[name].id, "k": kind},
            ).first()
        assert row is not None
        return ".".join(map(str, row))

    def at_once(self, *acts: Callable[[], Response]) -> list[int]:
        line = Barrier(len(acts))

        def run(act: Callable[[], Response]) -> int:
            line.wait(timeout=30)
            return act().status_code

        with ThreadPoolExecutor(len(acts)) as pool:
            return [*pool.map(run, acts)]

    def holds(self) -> bool:
        with self.site.database.reading() as session:
            return audit(session).disagreement is None


def shown_in(answer: Response) -> str:
    found = re.search(r'name="shown" value="([^"]*)"', answer.text)
    assert found is not None, answer.text
    return found[1]


def welcomed(
    session: Session, name: str, district: str, role: str = "teacher", password: bool = True
) -> Person:  # fmt: skip
    school = found_school(session, district, f"{district}一中")
    person = welcome(
        session, BEGIN, name=name, staff_number=f"no-{name}", mail=None, school=school.id, stage="初中", subject="数学",
        role=role, district=school.district if role == "moderator" else None,
    )  # fmt: skip
    if password:
        set_password(session, person.id, HASHED, BEGIN)
    return person


def inhabited(database: Database) -> tuple[dict[str, Person], list[Person]]:
    """Everybody by name, and a crowd without passwords."""
    with database.writing() as session:
        people = {
            name: welcomed(session, name, district, role)
            for name, district, role in (
                ("林", "越秀区", "teacher"), ("吴", "越秀区", "teacher"), ("陈", "海珠区", "teacher"),
                ("版主", "越秀区", "moderator"), ("二版主", "越秀区", "moderator"), ("远版主", "海珠区", "moderator"),
                ("何局", "越秀区", "bureau"), ("校长", "越秀区", "school"),
            )
        }  # fmt: skip
        crowd = [welcomed(session, f"众{n}", "越秀区", password=False) for n in range(10)]
        session.expunge_all()
    return people, crowd


@pytest.fixture
def town(filled: Filled) -> Iterator[Town]:
    database, (people, crowd) = filled(inhabited)
    with site_on(database) as site:
        yield Town(site, people, crowd)


# Removing and restoring.


def test_a_removal_shows_whose_points_go_takes_them_and_gives_them_back(town: Town) -> None:
    topic = town.topic()
    page = town.get("版主", f"/moderation/removals/new?subject={topic}")
    assert "一(六)" in page.text
    assert re.search(r"<td>林</td>", page.text)
    assert re.search(r'class="n num minus">-10<', page.text.replace("−", "-"))
    assert town.balance("林") == 10

    assert town.measure("版主", "removals", subject=topic).headers["location"] == "/moderation"
    assert town.balance("林") == 0
    assert town.get("陈", f"/topics/{topic}").status_code == 404
    decided = town.get("林", "/me/decisions").text
    assert WHY["reason"] in decided
    assert "广告或推销" in decided
    assert "分层作业" in decided

    assert "+10" in town.get("版主", f"/moderation/restorations/new?subject={topic}").text
    assert town.measure("二版主", "restorations", subject=topic).status_code == 303
    assert town.balance("林") == 10
    assert town.get("林", f"/topics/{topic}").status_code == 200
    assert town.get("版主", "/moderation/log").text.count('id="action-') == 2
    with town.site.database.reading() as session:
        logged = session.execute(text("SELECT facts FROM staff_action ORDER BY at, id")).scalars().all()
        facts = session.execute(text("SELECT id FROM fact WHERE verb IN ('remove', 'restore')")).scalars().all()
    assert sorted(logged) == sorted(f'["{fact}"]' for fact in facts)
    assert town.told("林") == [
        ("decision", "+10 分：《分层作业》已恢复 · 一(六)"),
        ("reversal", "−10 分：发表研讨话题 · 一(六)《分层作业》，内容被移除"),
    ]
    assert town.get("林", "/notices").text.count(WHY["reason"]) == 2
    assert town.holds()


def test_a_reply_is_removed_and_its_author_counts_no_more(town: Town) -> None:
    topic = town.topic(repliers=3)
    assert town.measure("版主", "removals", subject=f"{topic}.2").status_code == 303
    with town.site.database.reading() as session:
        told = session.execute(text("SELECT person, kind FROM notice WHERE kind <> 'reply'")).all()
    assert [tuple(row) for row in told] == [(town.crowd[1].id, "decision")]
    assert "2/10" in re.sub(r"\s|<[^>]+>", "", town.get("林", "/topics").text)
    assert town.measure("版主", "restorations", subject=f"{topic}.2").status_code == 303
    assert "3/10" in re.sub(r"\s|<[^>]+>", "", town.get("林", "/topics").text)
    assert town.holds()


def test_the_author_of_what_was_removed_reads_on_which_ground_and_others_that_it_may_have_been(town: Town) -> None:
    topic, other = town.topic(repliers=3), town.topic(title="别的话题", repliers=2)
    town.measure("版主", "removals", subject=other)
    town.measure("版主", "removals", subject=f"{topic}.2")
    town.measure("版主", "removals", subject=topic)
    banner = "已被管理员移除，只有作者和管理员看得到。原因：广告或推销 · 整段都是课外班广告"

    assert town.get("林", f"/topics/{topic}").text.count(banner) == 1  # the reply was another's
    assert town.get("版主", f"/topics/{topic}").text.count(banner) == 2
    assert "没有找到这个话题，它可能已被撤回或移除。" in town.get("吴", f"/topics/{topic}").text


def test_the_queue_tells_whose_it_is_and_for_what_and_a_removal_begins_with_what_most_reported(town: Town) -> None:
    topic = town.topic(title="招生", repliers=2)
    town.post("吴", "/reports", subject=f"{topic}.1", kind="insult")
    for name, kind in (("吴", "copyright"), ("陈", "unrelated")):
        assert town.post(name, "/reports", subject=topic, kind=kind).status_code == 303
    mei = town.person("梅", "越秀区")
    assert town.post(mei.name, "/reports", subject=topic, kind="unrelated").status_code == 303

    queue = re.sub(r"\s+|<[^>]+>", "", town.get("版主", "/moderation").text)
    case = town.get("版主", f"/moderation/reports/{topic}").text

    assert "招生话题·林·3人举报与教研无关侵犯版权" in queue
    assert f"招生回复·{town.crowd[0].name}·1人举报侮辱或攻击他人" in queue
    (way,) = re.findall(r'href="(/moderation/removals/new[^"]+)"', case)
    measure = town.get("版主", way.replace("&amp;", "&")).text
    assert re.findall(r'<option value="(\w+)" selected', measure) == ["unrelated"]


def test_a_removal_that_takes_several_lines_is_told_once_with_its_name(town: Town) -> None:
    topic = town.topic()
    for n in range(10):
        town.does(reply, town.person(f"后来{n}", "越秀区", password=False), topic, "同感", town.site.now)
    assert town.balance("林") == 20
    town.measure("版主", "removals", subject=topic)

    assert town.told("林") == [("reversal", "−20 分，共 2 项：研讨话题参与度高、发表研讨话题《分层作业》，内容被移除")]
    town.measure("版主", "restorations", subject=topic)
    assert ("decision", "+20 分，共 2 项：研讨话题参与度高、发表研讨话题《分层作业》") in town.told("林")


def test_a_removal_that_moves_no_points_is_told_once(town: Town) -> None:
    town.measure("版主", "removals", subject=town.topic(repliers=2))

    assert town.told("林") == [("decision", "《分层作业》被移除")]


def test_a_removal_warns_of_the_debt_that_it_makes(town: Town) -> None:
    for n in range(10):
        topic = town.topic(title=f"话题{n}")
    town.does(redeem, town.people["林"].id, "professional", 1, "key-1", town.site.now)
    assert town.balance("林") == 0
    page = town.get("版主", f"/moderation/removals/new?subject={topic}")

    assert "有 1 位教师的余额会低于零" in page.text
    town.measure("版主", "removals", subject=topic)
    assert town.balance("林") == -10


def test_a_removal_needs_a_reason_and_keeps_what_was_typed(town: Town) -> None:
    topic = town.topic(repliers=0)
    answer = town.post("版主", "/moderation/removals", subject=topic, ground="", reason=" 广 ", shown="x")

    assert (answer.status_code, wrong_in(answer)) == (422, ["请从列表中选择。", "太短，至少 2 个字。"])
    assert town.get("林", f"/topics/{topic}").status_code == 200


def test_what_changed_since_the_preview_is_shown_anew_and_not_done(town: Town) -> None:
    topic = town.topic(repliers=9)
    before = shown_in(town.get("版主", f"/moderation/removals/new?subject={topic}"))
    town.does(reply, town.crowd[9], topic, "第十位", town.site.now)
    answer = town.post("版主", "/moderation/removals", subject=topic, shown=before, **WHY)

    assert answer.status_code == 409
    assert "情况有了变化" in answer.text
    assert WHY["reason"] in answer.text
    assert town.balance("林") == 10
    again = town.post("版主", "/moderation/removals", subject=topic, shown=shown_in(answer), **WHY)
    assert again.status_code == 303
    assert town.balance("林") == 0
    late = town.post("二版主", "/moderation/removals", subject=topic, shown=shown_in(answer), **WHY)
    assert late.status_code == 409
    assert "已经被撤回或移除" in late.text


def test_a_removal_sent_twice_is_one(town: Town) -> None:
    topic = town.topic()
    page = town.get("版主", f"/moderation/removals/new?subject={topic}")
    sent = {"subject": topic, "shown": shown_in(page), "key": key_of(page), **WHY}

    assert town.post("版主", "/moderation/removals", **sent).headers["location"] == "/moderation"
    assert town.post("版主", "/moderation/removals", **sent).headers["location"] == "/moderation"
    assert town.get("版主", "/moderation/log").text.count('id="action-') == 1


def test_two_moderators_removing_at_once_remove_once(town: Town) -> None:
    topic = town.topic()
    shown = shown_in(town.get("版主", f"/moderation/removals/new?subject={topic}"))
    town.browser("二版主")

    def act(name: str) -> Callable[[], Response]:
        return lambda: town.post(name, "/moderation/removals", subject=topic, shown=shown, **WHY)

    assert sorted(town.at_once(act("版主"), act("二版主"))) == [303, 409]
    assert town.balance("林") == 0
    assert town.get("版主", "/moderation/log").text.count('id="action-') == 1
    assert town.holds()


def test_a_removal_against_the_tenth_reply_is_exact(town: Town) -> None:
    outcomes: Counter[tuple[int, int]] = Counter()
    town.browser("吴"), town.browser("版主")
    for n in range(6):
        topic = town.topic(repliers=9, title=f"第{n}个")
        shown = shown_in(town.get("版主", f"/moderation/removals/new?subject={topic}"))
        removed, replied = town.at_once(
            lambda t=topic, s=shown: town.post("版主", "/moderation/removals", subject=t, shown=s, **WHY),  # type: ignore[misc]
            lambda t=topic: town.post("吴", f"/topics/{t}/replies", text="第十位"),  # type: ignore[misc]
        )
        outcomes[removed, replied] += 1
    # Either the removal comes first and the reply finds nothing, or the reply does and the preview no longer holds.
    assert set(outcomes) <= {(303, 404), (409, 303)}
    assert town.balance("林") == 10 * outcomes[409, 303]
    assert town.holds()


def test_nobody_moderates_beyond_their_district_rank_or_role(town: Town) -> None:
    topic, of_far = town.topic(repliers=0), town.topic("陈", repliers=0)
    own, of_bureau = town.topic("版主", repliers=0), town.topic("何局", repliers=0)
    for name in ("林", "校长"):
        for address in (
            "/moderation", "/moderation/reviews", "/moderation/appeals", "/moderation/log", "/moderation/words",
            "/moderation/people", f"/moderation/removals/new?subject={topic}", f"/moderation/reports/{topic}",
            f"/moderation/people/{town.people['吴'].id}",
        ):  # fmt: skip
            assert (name, address, town.get(name, address).status_code) == (name, address, 403)
        assert town.post(name, "/moderation/removals", subject=topic, shown="", **WHY).status_code == 403
    assert town.get("版主", f"/moderation/removals/new?subject={of_far}").status_code == 404
    assert town.get("版主", f"/moderation/reports/{of_far}").status_code == 404
    assert town.get("版主", f"/moderation/people/{town.people['陈'].id}").status_code == 404
    assert town.get("版主", f"/moderation/removals/new?subject={own}").status_code == 403
    assert town.get("版主", f"/moderation/removals/new?subject={of_bureau}").status_code == 403
    assert town.get("版主", f"/moderation/people/{town.people['二版主'].id}").status_code == 403
    assert town.get("版主", f"/moderation/people/{town.people['版主'].id}").status_code == 403
    assert town.get("何局", f"/moderation/people/{town.people['何局'].id}").status_code == 403
    assert town.get("何局", f"/moderation/people/{town.people['二版主'].id}").status_code == 200
    assert town.get("何局", f"/moderation/removals/new?subject={of_far}").status_code == 200
    for address in (f"/moderation/revocations/new?thing={topic}", "/moderation/cancellations/new?redemption=x"):
        assert town.get("版主", address).status_code == 403
    town.measure("何局", "removals", subject=topic)
    assert town.get("版主", f"/moderation/restorations/new?subject={topic}").status_code == 403


def test_what_staff_removed_does_not_come_back_by_the_authors_door(town: Town) -> None:
    topic, own = town.topic(), town.topic("版主")
    assert town.measure("版主", "removals", subject=f"{topic}.1").status_code == 303
    assert town.post("版主", f"/topics/{topic}/replies/1/withdrawal/delete").status_code == 403
    for subject in (topic, own):
        assert town.measure("何局", "removals", subject=subject).status_code == 303
        for name in ("版主", "何局", "林"):
            assert town.post(name, f"/topics/{subject}/withdrawal/delete").status_code == 403
    assert (town.balance("林"), town.balance("版主")) == (0, 0)
    assert town.holds()


def test_subjects_that_are_none_are_not_there(town: Town) -> None:
    topic = town.topic(repliers=1)
    odd = ("9", "0", "01", "x", "1.1", "99999999999")

    for subject in ("", "topic-none", "topic-none.1", "self", *(f"{topic}.{number}" for number in odd)):
        for name, address in (("版主", "/moderation/removals/new"), ("吴", "/reports/new")):
            assert town.get(name, f"{address}?subject={subject}").status_code == 404, subject
        assert town.post("版主", "/moderation/removals", subject=subject, shown="", **WHY).status_code == 404, subject


# Revoking and cancelling.


def test_revoking_is_shown_as_final_takes_the_points_and_bars_the_rule(town: Town) -> None:
    topic = town.topic()
    choice = town.get("何局", f"/moderation/revocations/new?thing={topic}").text
    assert f"thing={topic}&amp;rule=topic_discussed" in choice
    page = town.get("何局", f"/moderation/revocations/new?thing={topic}&rule=topic_discussed")
    assert "撤销是最终的，不能撤回" in page.text

    assert town.measure("何局", "revocations", thing=topic, rule="topic_discussed").status_code == 303
    assert town.balance("林") == 0
    again = town.get("何局", f"/moderation/revocations/new?thing={topic}&rule=topic_discussed")
    assert "本年度没有可以撤销的积分" in again.text
    assert "今年没有人因它得过积分" in town.get("何局", f"/moderation/revocations/new?thing={topic}").text
    assert WHY["reason"] in town.get("林", "/me/decisions").text
    assert town.told("林") == [("reversal", "−10 分：发表研讨话题 · 一(六)《分层作业》，积分被撤销")]
    assert town.holds()


def test_the_way_to_revoking_leads_from_the_topic_and_its_report(town: Town) -> None:
    topic = town.topic()
    door = f"/moderation/revocations/new?thing={topic}"
    for address in (f"/topics/{topic}", f"/moderation/reports/{topic}"):
        assert f'href="{door}"' in town.get("何局", address).text
        assert "revocations" not in town.get("版主", address).text
        choice = town.get("何局", door).text
        assert f'href="{door}&amp;rule=topic_discussed"' in choice
        assert "撤销是最终的" in town.get("何局", f"{door}&rule=topic_discussed").text
    assert "revocations" not in town.get("何局", f"/moderation/reports/{topic}.1").text  # a reply earns nothing


def test_each_measure_has_grounds_of_its_own(town: Town) -> None:
    for n in range(10):
        topic = town.topic(title=f"话题{n}")
    town.does(redeem, town.people["林"].id, "professional", 1, "key-1", town.site.now)

    for noun, grounds, asked in (
        ("removals", "advert unrelated privacy insult copyright illegal repeated other", {"subject": topic}),
        ("revocations", "repeated copyright unearned other", {"thing": topic, "rule": "topic_discussed"}),
        ("cancellations", "own_request wrong_redemption other", {"redemption": "key-1"}),
        ("restorations", "mistake other", {"subject": topic}),
    ):  # fmt: skip
        if noun == "restorations":
            town.measure("版主", "removals", subject=topic)
        query = "&".join(f"{field}={value}" for field, value in asked.items())
        page = town.get("何局", f"/moderation/{noun}/new?{query}")
        choice = page.text[page.text.index('<select id="ground"') :].partition("</select>")[0]
        assert re.findall(r'value="(\w+)"', choice) == grounds.split(), noun
        wrong = {"ground": "mistake" if noun != "restorations" else "advert", "reason": WHY["reason"]}
        refused = town.post("何局", f"/moderation/{noun}", shown=shown_in(page), **asked, **wrong)
        assert refused.status_code == 422, noun


def test_a_redemption_is_cancelled_with_its_preview(town: Town) -> None:
    for n in range(10):
        town.topic(title=f"话题{n}")
    town.does(redeem, town.people["林"].id, "professional", 1, "key-1", town.site.now)
    assert "key-1" in town.get("何局", f"/moderation/people/{town.people['林'].id}").text
    page = town.get("何局", "/moderation/cancellations/new?redemption=key-1")
    assert "+100" in page.text
    assert "学时 −1" in page.text

    assert town.measure("何局", "cancellations", redemption="key-1").status_code == 303
    assert town.balance("林") == 100
    assert town.told("林") == [("decision", "兑换的 1 学时已取消，退回 100 分")]
    assert WHY["reason"] in town.get("林", "/notices").text
    late = town.post("何局", "/moderation/cancellations", redemption="key-1", shown=shown_in(page), **OTHER_WHY)
    assert late.status_code == 409
    assert town.get("何局", "/moderation/cancellations/new?redemption=none").status_code == 404


def test_a_redemption_is_known_by_its_receipt_and_day(town: Town) -> None:
    for n in range(10):
        town.topic(title=f"话题{n}")
    lin, at = town.people["林"], town.site.now
    with town.site.database.writing() as session:
        receipt = redeem_with_receipt(session, lin, "professional", 1, "key-1", at - timedelta(hours=2)).number
    for address in (f"/moderation/people/{lin.id}", "/moderation/cancellations/new?redemption=key-1"):
        page = town.get("何局", address).text
        assert f"凭证 {receipt}" in page
        assert 'title="2026-03-01 08:00:00"' in page


def test_a_redemption_of_a_closed_year_stays(town: Town) -> None:
    for n in range(10):
        town.topic(title=f"话题{n}")
    town.does(redeem, town.people["林"].id, "professional", 1, "key-1", town.site.now)
    town.site.now += timedelta(days=330)
    town.browsers.clear()
    page = town.get("何局", "/moderation/cancellations/new?redemption=key-1")

    assert "该年度已经结束" in page.text
    answer = town.post(
        "何局", "/moderation/cancellations", redemption="key-1", shown="refused year_closed", **OTHER_WHY
    )
    assert answer.status_code == 409


# The desk.


def test_staff_see_on_their_first_page_what_waits_where_they_look_after(town: Town) -> None:
    def waiting(name: str) -> list[tuple[str, str]]:
        page = re.sub(r"\s*\n\s*", "", town.get(name, "/").text)
        return re.findall(r'<a href="(/moderation[^"]*)">[^<]+</a></span><b class="num">(\d+)</b>', page)

    staff = ("版主", "远版主", "何局")
    assert [waiting(name) for name in staff] == [[], [], []]
    assert 'href="/moderation"' in town.get("版主", "/").text.partition("<aside>")[2]
    assert 'href="/people"' in town.get("校长", "/").text.partition("<aside>")[2]
    topic = town.topic(repliers=1)
    for name in ("吴", "陈"):
        town.post(name, "/reports", subject=topic, kind="other")
    town.post("吴", "/reports", subject=f"{topic}.1", kind="other")
    watch(town)
    town.post("林", "/topics", **TOPIC)
    waits = [("/moderation", "2"), ("/moderation/reviews", "1")]
    assert [waiting(name) for name in staff] == [waits, [], waits]
    assert "/moderation" not in town.get("林", "/").text


def test_the_first_page_asks_the_same_however_much_waits(town: Town) -> None:
    def asked(name: str) -> int:
        town.browser(name)
        with statements_heard() as statements:
            assert town.get(name, "/").status_code == 200
        return len(statements)

    few, of_teacher = asked("版主"), asked("吴")
    assert few == of_teacher + 1
    for n in range(3):
        topic = town.topic(repliers=0, title=f"第{n}个")
        town.post("吴", "/reports", subject=topic, kind="other")
    assert asked("版主") - asked("吴") == 1


# Whom staff acts on.


@pytest.mark.parametrize("author", ["版主", "何局"])
def test_reports_of_ones_own_posts_and_of_those_above_are_for_others(town: Town, author: str) -> None:
    topic = town.topic(author, repliers=0)
    town.post("吴", "/reports", subject=topic, kind="insult", words="骂人的话")

    shown = town.get("版主", f"/moderation/reports/{topic}")
    assert shown.status_code == 403
    assert "骂人的话" not in shown.text
    assert town.post("版主", f"/moderation/reports/{topic}/answer", reason="我看可以").status_code == 403
    assert "处理中" in town.get("吴", "/reports").text


def test_what_the_bureau_imposed_or_removed_it_takes_back_whoever_is_there_by_then(town: Town) -> None:
    wu, topic = town.people["吴"].id, town.topic(repliers=1)
    assert restrict(town, "何局", "吴", "suspension").status_code == 303
    with town.site.database.reading() as session:
        id = session.execute(text("SELECT id FROM restriction")).scalar_one()
    assert town.measure("何局", "removals", subject=topic).status_code == 303
    with town.site.database.writing() as session:
        session.execute(text("UPDATE person SET role = 'teacher' WHERE id = :who"), {"who": town.people["何局"].id})

    assert (
        town.post("版主", f"/moderation/people/{wu}/restrictions/{id}/delete", lifting="我觉得可以").status_code == 403
    )
    assert town.get("版主", f"/moderation/restorations/new?subject={topic}").status_code == 403
    assert f"restorations/new?subject={topic}" not in town.get("版主", "/moderation/log").text


def test_nothing_is_published_for_the_suspended(town: Town) -> None:
    watch(town)
    topic = town.topic(repliers=9)
    town.post("吴", f"/topics/{topic}/replies", text="要代写论文的找我")
    with town.site.database.reading() as session:
        id = session.execute(text("SELECT id FROM held_text")).scalar_one()
    assert restrict(town, "何局", "吴", "suspension").status_code == 303

    answer = town.review("版主", id)
    assert answer.status_code == 422
    assert "停用至" in answer.text
    assert town.balance("林") == 0


def test_the_finder_tells_nothing_of_other_districts(town: Town) -> None:
    with town.site.database.writing() as session:
        set_mail(session, town.people["陈"].id, "private@home.cn")
    for name in ("no-陈", "private@home.cn"):
        assert town.get("版主", f"/moderation/people?name={name}").status_code == 422
        assert town.get("远版主", f"/moderation/people?name={name}").status_code == 303


# Reports.


def test_a_report_is_queued_counts_down_and_is_answered(town: Town) -> None:
    topic = town.topic(repliers=1)
    form = town.get("吴", f"/reports/new?subject={topic}.1")
    assert "举报回复《分层作业》" in form.text
    sent = {"subject": f"{topic}.1", "kind": "advert", "words": "<b>广告</b>"}
    assert town.post("吴", "/reports", **sent).headers["location"] == "/reports"
    assert "您已经举报过" in town.post("吴", "/reports", **sent).text
    assert town.post("林", "/reports", **{**sent, "kind": "insult"}).status_code == 303
    assert "没有待处理的举报" in town.get("远版主", "/moderation").text
    desk = town.get("版主", "/moderation").text
    assert "2 人举报" in desk
    assert "3 个工作日内" in desk  # asked on a Sunday, so from Monday's first moment on
    town.site.now += timedelta(days=5)
    assert "已逾期" in town.get("版主", "/moderation").text
    case = town.get("版主", f"/moderation/reports/{topic}.1").text
    assert "&lt;b&gt;广告" in case
    assert "<b>广告" not in case

    answer = town.post("版主", f"/moderation/reports/{topic}.1/answer", reason="是正常讨论")
    assert answer.status_code == 303
    assert "没有待处理的举报" in town.get("版主", "/moderation").text
    for name in ("吴", "林"):
        assert "是正常讨论" in town.get(name, "/reports").text
    late = town.post("二版主", f"/moderation/reports/{topic}.1/answer", reason="我也看过")
    assert late.status_code == 409
    assert "已经由另一位同事处理" in late.text
    assert town.post("吴", "/reports", **sent).status_code == 303


def test_a_removal_answers_all_reports_of_it(town: Town) -> None:
    topic = town.topic(repliers=0)
    for name in ("吴", "陈"):
        assert town.post(name, "/reports", subject=topic, kind="other").status_code == 303
    town.measure("版主", "removals", subject=topic)

    assert "没有待处理的举报" in town.get("版主", "/moderation").text
    assert "已移除" in town.get("陈", "/reports").text
    assert town.post("吴", "/reports", subject=topic, kind="other").status_code == 404


def test_two_moderators_answering_at_once_answer_once(town: Town) -> None:
    topic = town.topic(repliers=0)
    town.post("吴", "/reports", subject=topic, kind="other")
    town.browser("版主"), town.browser("二版主")
    answers = town.at_once(
        *(lambda n=n: town.post(n, f"/moderation/reports/{topic}/answer", reason="没问题") for n in ("版主", "二版主"))
    )  # fmt: skip

    assert sorted(answers) == [303, 409]


def test_nobody_reports_their_own_or_as_a_guest(town: Town) -> None:
    topic = town.topic(repliers=0)

    assert "这是您自己的内容" in town.post("林", "/reports", subject=topic, kind="other").text
    assert town.site.get(f"/reports/new?subject={topic}").headers["location"].startswith("/sign-in")


# The word list and review.


TOPIC = {"title": "分层作业布置", "text": "请加 Ｖ Ｘ 代 写\u200b论文", "stage": "初中", "subject": "数学"}


def watch(town: Town, word: str = "代写论文") -> None:
    assert town.post("何局", "/moderation/words", word=word).status_code == 303


def test_a_text_with_a_watched_word_waits_and_is_published_when_approved(town: Town) -> None:
    watch(town)
    sent = town.post("林", "/topics", **TOPIC)
    address = sent.headers["location"]
    assert address.startswith("/me/held/held-")
    assert "分层作业布置" not in town.get("吴", "/topics").text
    assert "已送审" in town.get("林", address).text
    assert town.get("吴", address).status_code == 404
    held = address.removeprefix("/me/held/")
    assert "没有等待审核" in town.get("远版主", "/moderation/reviews").text
    assert town.get("远版主", f"/moderation/reviews/{held}").status_code == 404
    assert "代写论文" in town.get("版主", f"/moderation/reviews/{held}").text
    with town.site.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM fact")).scalar_one() == 0

    town.site.now += timedelta(hours=1)
    assert town.review("版主", held).status_code == 303
    assert "分层作业布置" in town.get("吴", "/topics").text
    with town.site.database.reading() as session:
        ((actor, verb, at),) = session.execute(text("SELECT actor, verb, happened_at FROM fact")).all()
    assert (actor, verb) == (town.people["林"].id, "open_topic")
    assert str(at)[:13].replace("T", " ") == f"{town.site.now:%Y-%m-%d %H}"
    late = town.post("二版主", f"/moderation/reviews/{held}/refusal", reason="不行不行")
    assert late.status_code == 409
    assert town.holds()


def test_a_declined_text_says_why_and_is_never_lost(town: Town) -> None:
    watch(town)
    topic = town.topic(repliers=0)
    address = town.post("吴", f"/topics/{topic}/replies", text="代.写.论.文").headers["location"]
    held = address.removeprefix("/me/held/")
    assert town.review("版主", held, "refusal", reason="").status_code == 422
    assert town.review("版主", held, "refusal", reason="请改掉广告").status_code == 303

    page = town.get("吴", address).text
    assert "请改掉广告" in page
    assert "代.写.论.文" in page
    assert "请改掉广告" in town.get("吴", "/me/held").text
    assert "同感" not in town.get("吴", f"/topics/{topic}").text


def test_an_author_changes_or_withdraws_what_waits(town: Town) -> None:
    watch(town)
    topic = town.topic(repliers=0)
    first, second = (
        town.post("吴", f"/topics/{topic}/replies", text=f"代写论文{n}").headers["location"] for n in (1, 2)
    )
    assert town.post("陈", first, text="抢来").status_code == 404
    assert town.post("吴", first, text="还是代写 论文").headers["location"] == first
    assert town.post("吴", first, text="说说我的做法").headers["location"] == f"/topics/{topic}#1"
    assert "说说我的做法" in town.get("林", f"/topics/{topic}").text
    assert town.post("吴", first, text="再改").status_code == 409
    assert town.post("吴", f"{second}/withdrawal").status_code == 303
    assert town.post("版主", f"/moderation/reviews/{second.removeprefix('/me/held/')}/approval").status_code == 409
    assert town.holds()


def test_what_cannot_be_published_yet_waits_on_with_what_was_typed(town: Town) -> None:
    watch(town)
    topic = town.topic(repliers=0)
    held = town.post("吴", f"/topics/{topic}/replies", text="代写论文").headers["location"]
    for n in range(10):
        town.post("吴", f"/topics/{topic}/replies", text=f"第 {n} 条")
    late = town.post("吴", held, text="改得很好了")
    assert late.status_code == 429
    assert "改得很好了" in late.text and "发得太快了" in late.text and "已送审" in late.text
    town.site.now += timedelta(minutes=2)
    assert town.post("吴", held, text="改得很好了").headers["location"] == f"/topics/{topic}#11"
    assert town.holds()


def test_an_edit_with_a_watched_word_waits_and_the_old_text_stands(town: Town) -> None:
    watch(town)
    topic = town.topic(repliers=0)
    edit = {"title": "新标题", "text": "代写论文的害处", "stage": "高中", "subject": "语文", "tags": "写作"}
    assert town.post("陈", f"/topics/{topic}", **edit).status_code == 403
    address = town.post("林", f"/topics/{topic}", **edit).headers["location"]
    shown = town.get("吴", f"/topics/{topic}").text
    assert "新标题" not in shown
    assert "正文" in shown
    assert town.review("版主", address.removeprefix("/me/held/")).status_code == 303
    shown = town.get("吴", f"/topics/{topic}").text
    assert "新标题" in shown
    assert "代写论文的害处" in shown

    town.post("吴", f"/topics/{topic}/replies", text="说得好")
    assert town.post("陈", f"/topics/{topic}/replies/1", text="代写论文").status_code == 403
    held = town.post("吴", f"/topics/{topic}/replies/1", text="说得好，代写论文不行").headers["location"]
    assert held.startswith("/me/held/")
    assert "代写论文不行" not in town.get("林", f"/topics/{topic}").text
    assert town.post("吴", held, text="说得好，不行").headers["location"] == f"/topics/{topic}#1"
    assert "说得好，不行" in town.get("林", f"/topics/{topic}").text


def test_approval_against_withdrawal_at_once_is_one_of_them(town: Town) -> None:
    watch(town)
    topic = town.topic(repliers=0)
    published = 0
    town.browser("版主")
    for _ in range(5):
        address = town.post("吴", f"/topics/{topic}/replies", text="代写论文").headers["location"]
        decided = f"/moderation/reviews/{address.removeprefix('/me/held/')}"
        shown = shown_in(town.get("版主", decided))
        answers = town.at_once(
            lambda d=decided, s=shown: town.post("版主", f"{d}/approval", shown=s),  # type: ignore[misc]
            lambda a=address: town.post("吴", f"{a}/withdrawal"),  # type: ignore[misc]
        )
        assert sorted(answers) == [303, 409]
        published += answers[0] == 303
    assert town.get("林", f"/topics/{topic}").text.count("<p>代写论文</p>") == published


def test_what_is_decided_about_is_what_was_shown(town: Town) -> None:
    watch(town)
    topic = town.topic(repliers=0)
    address = town.post("吴", f"/topics/{topic}/replies", text="代写论文有害").headers["location"]
    review = f"/moderation/reviews/{address.removeprefix('/me/held/')}"
    shown = shown_in(town.get("版主", review))
    town.post("吴", address, text="代写论文，请找我")

    for verdict in ("approval", "refusal"):
        answer = town.post("版主", f"{review}/{verdict}", shown=shown, reason="写得不错")
        assert (answer.status_code, "作者刚刚修改了内容" in answer.text, "请找我" in answer.text) == (409, True, True)
    assert "写得不错</textarea>" in answer.text
    assert "代写论文" not in town.get("林", f"/topics/{topic}").text
    assert town.post("版主", f"{review}/approval", shown=shown_in(answer)).status_code == 303
    assert "请找我" in town.get("林", f"/topics/{topic}").text


def test_a_rewriting_against_an_approval_never_publishes_what_was_not_shown(town: Town) -> None:
    watch(town)
    topic = town.topic(repliers=0)
    approved = []
    for n in range(10):
        address = town.post("吴", f"/topics/{topic}/replies", text=f"代写论文有害{n}").headers["location"]
        review = f"/moderation/reviews/{address.removeprefix('/me/held/')}"
        shown = shown_in(town.get("版主", review))
        answers = town.at_once(
            lambda r=review, s=shown: town.post("版主", f"{r}/approval", shown=s),  # type: ignore[misc]
            lambda a=address, n=n: town.post("吴", a, text=f"代写论文，请找我{n}"),  # type: ignore[misc]
        )
        assert sorted(answers) == [303, 409]
        approved += [n] if answers[0] == 303 else []
        town.site.now += timedelta(minutes=1)
    page = town.get("林", f"/topics/{topic}").text
    assert "请找我" not in page
    assert page.count("<p>代写论文有害") == len(approved)


def test_what_can_no_longer_be_published_says_so_to_staff(town: Town) -> None:
    watch(town)
    topic = town.topic(repliers=0)
    held = town.post("吴", f"/topics/{topic}/replies", text="代写论文").headers["location"].removeprefix("/me/held/")
    town.measure("版主", "removals", subject=topic)
    answer = town.review("版主", held)

    assert answer.status_code == 422
    assert "现在不能发布" in answer.text
    assert town.review("版主", held, "refusal", reason="话题已移除").status_code == 303


def test_words_are_found_however_they_are_hidden(town: Town) -> None:
    watch(town, "Abc")
    for written, found in (
        ("ＡＢＣ", True), ("a\u200bb\u00adc", True), ("A b\nC", True), ("a-b.c", True), ("á b c", True), ("acb", False),
        ("a\u3164b\u2060c", True), ("ab", False), ("ⓐⓑⓒ", True),
        ("a&#98;c", True), ("a&#x200b;&#x62;c", True), ("[ab](http://x.cn)c", True), ("a[b](/c \"d\")c", True),
        ("[a][1]bc\n\n[1]: /x", True), ("a![b](http://x.cn/b.png)c", True), ("a\\*b\\*c", True),
        ("[a](http://x.cn/abc)", True), ("&amp;#97;bc", False),
        *((f"a{mark}b{mark}c", True) for mark in "、/+！：“—#（￥^🙂"),
    ):  # fmt: skip
        town.site.now += timedelta(hours=1)  # nobody writes too fast
        fields = {"title": "标题", "text": f"前{written}后", "stage": "初中", "subject": "数学"}
        assert town.does(write, town.people["林"], "topic", "", fields, town.site.now).held is found, written


def test_the_word_list_is_kept_by_the_bureau(town: Town) -> None:
    assert town.get("版主", "/moderation/words").status_code == 403
    assert town.post("版主", "/moderation/words", word="代写论文").status_code == 403
    watch(town)
    assert "已经在列表里" in town.post("何局", "/moderation/words", word="代 写 论 文").text
    assert "至少两个字" in town.post("何局", "/moderation/words", word="代 ").text
    assert "代写论文" in town.get("何局", "/moderation/words").text
    assert town.post("何局", "/moderation/words/delete", plain="代写论文").status_code == 303
    assert "还没有送审词" in town.get("何局", "/moderation/words").text


def test_a_word_that_was_deleted_is_back_by_one_click(town: Town) -> None:
    watch(town)
    left = town.post("何局", "/moderation/words/delete", plain="代写论文").headers["location"]
    page = town.get("何局", left).text

    assert "已删除；点“添加”就能加回来。" in page
    assert re.findall(r'name="word"[^>]* value="([^"]*)"', page) == ["代写论文"]
    assert town.post("何局", "/moderation/words", word="代写论文").status_code == 303
    assert "还没有送审词" not in town.get("何局", "/moderation/words").text


# Silence and suspension.


def restrict(town: Town, by: str, whom: str, kind: str, days: str = "7", reason: str = "多次刷屏") -> Response:
    address = f"/moderation/people/{town.people[whom].id}/restrictions"
    return town.post(by, address, kind=kind, days=days, reason=reason)


def test_the_silenced_read_and_do_not_write_until_it_ends(town: Town) -> None:
    topic = town.topic(repliers=0)
    assert town.get("版主", "/moderation/people?name=no-吴").headers["location"].endswith(town.people["吴"].id)
    assert restrict(town, "版主", "吴", "silence").status_code == 303
    assert "已经在限制中" in restrict(town, "二版主", "吴", "silence").text

    refused = town.post("吴", f"/topics/{topic}/replies", text="同感")
    assert refused.status_code == 403
    assert "您已被禁言，2026-03-08 10:00 之前可以阅读，不能发表。原因：多次刷屏" in refused.text
    assert town.post("吴", "/topics", **TOPIC).status_code == 403
    assert town.get("吴", f"/topics/{topic}").status_code == 200
    assert "多次刷屏" in town.get("吴", "/me/decisions").text
    told = town.get("吴", "/notices").text
    assert "您被禁言至 2026-03-08 10:00，到时之前可以阅读，不能发表" in told
    assert "理由：多次刷屏" in told
    town.site.now += timedelta(days=7)
    assert town.post("吴", f"/topics/{topic}/replies", text="同感").status_code == 303


def test_the_silenced_do_not_put_back_what_they_withdrew(town: Town) -> None:
    discussed, own = town.topic(repliers=0), town.topic("吴", repliers=0)
    assert town.post("吴", f"/topics/{discussed}/replies", text="同感").status_code == 303
    withdrawn = f"/topics/{discussed}/replies/1/withdrawal", f"/topics/{own}/withdrawal"
    assert [town.post("吴", address).status_code for address in withdrawn] == [303, 303]
    assert restrict(town, "版主", "吴", "silence").status_code == 303

    refused = [town.post("吴", f"{address}/delete") for address in withdrawn]
    assert [answer.status_code for answer in refused] == [403, 403]
    assert all("您已被禁言" in answer.text for answer in refused)
    town.site.now += timedelta(days=7)
    assert [town.post("吴", f"{address}/delete").status_code for address in withdrawn] == [303, 303]


def test_the_suspended_are_out_at_once_and_told_until_when(town: Town) -> None:
    assert town.get("吴", "/points").status_code == 200
    assert restrict(town, "版主", "吴", "suspension").status_code == 303

    assert town.get("吴", "/points").headers["location"].startswith("/sign-in")
    answer = town.site.sign_in("吴")
    assert answer.status_code == 422
    assert "停用至 2026-03-08 10:00" in answer.text
    assert "停用" not in town.site.sign_in("吴", password="not this one").text
    person = town.get("版主", f"/moderation/people/{town.people['吴'].id}").text
    lifting = re.search(r'action="([^"]+/delete)"', person)
    assert lifting is not None
    assert town.post("版主", lifting[1], lifting="").status_code == 422
    assert town.post("版主", lifting[1], lifting="已经谈过").status_code == 303
    assert town.post("版主", lifting[1], lifting="再来一次").status_code == 404
    assert town.site.sign_in("吴").status_code == 303
    told = town.site.get("/notices").text
    assert "您的账号停用至 2026-03-08 10:00，到时之前不能登录" in told
    assert "您的账号停用已提前解除" in told
    assert "理由：已经谈过" in told
    notice = re.search(r'action="(/notices/[^"]+/reading)"', told)
    assert notice is not None
    assert town.site.post(notice[1]).headers["location"] == "/me/decisions"


def test_people_are_found_by_name_as_far_as_the_moderator_may_act(town: Town) -> None:
    town.person("林小满", "越秀区", password=False)
    town.person("林远山", "海珠区", password=False)
    assert town.get("版主", "/moderation/people?name=小满").status_code == 303
    several = town.get("版主", "/moderation/people?name=林").text
    found = several[: several.index("正在限制中的人")]
    assert found.count('href="/moderation/people/teacher-') == 2
    assert town.people["林"].id in found
    assert "林远山" not in found
    assert "林远山" in town.get("何局", "/moderation/people?name=林").text
    for name in ("二版主", "何局", "远山", "没有这个人"):
        answer = town.get("版主", f"/moderation/people?name={name}")
        assert (answer.status_code, wrong_in(answer)) == (422, ["没有找到这个姓名、工号或邮箱。"])


def test_those_restricted_now_are_listed_until_they_are_lifted(town: Town) -> None:
    restrict(town, "版主", "吴", "silence")
    restrict(town, "何局", "陈", "suspension", days="1")
    restrict(town, "何局", "二版主", "silence")
    wu = town.people["吴"].id
    listed = town.get("版主", "/moderation/people").text
    assert f'href="/moderation/people/{wu}"' in listed
    assert "至 2026-03-08 10:00" in listed
    assert town.people["陈"].id not in listed
    assert town.people["二版主"].id not in listed
    assert town.people["陈"].id in town.get("何局", "/moderation/people").text

    lifting = re.search(r'action="([^"]+/delete)"', town.get("版主", f"/moderation/people/{wu}").text)
    assert lifting is not None
    town.post("版主", lifting[1], lifting="已经谈过")
    assert "现在没有人被禁言或停用" in town.get("版主", "/moderation/people").text
    town.site.now += timedelta(days=1)
    assert town.people["陈"].id not in town.get("何局", "/moderation/people").text


def test_a_persons_page_leads_staff_to_what_they_may_do(town: Town) -> None:
    for whom in ("林", "陈", "二版主"):
        id = town.people[whom].id
        seen = {
            name for name in ("林", "吴", "校长", "版主", "远版主", "何局")
            if f'href="/moderation/people/{id}"' in town.get(name, f"/people/{id}").text
        }  # fmt: skip
        assert (whom, seen) == (whom, {"林": {"版主", "何局"}, "陈": {"远版主", "何局"}, "二版主": {"何局"}}[whom])
        assert f'href="/moderation/people/{id}"' not in town.site.get(f"/people/{id}").text


def test_nobody_restricts_above_beside_or_elsewhere(town: Town) -> None:
    for by, whom, status in (
        ("版主", "二版主", 403), ("版主", "何局", 403), ("版主", "版主", 403), ("版主", "陈", 404), ("林", "吴", 403),
        ("校长", "林", 403), ("何局", "何局", 403), ("何局", "陈", 303), ("版主", "校长", 303),
    ):  # fmt: skip
        assert (by, whom, restrict(town, by, whom, "silence").status_code) == (by, whom, status)


@pytest.mark.parametrize(("field", "value"), [("kind", "death"), ("days", "0"), ("days", "10000"), ("reason", " ")])
def test_a_restriction_has_a_known_kind_length_and_reason(town: Town, field: str, value: str) -> None:
    assert restrict(town, "版主", "吴", **{"kind": "silence", field: value}).status_code == 422


def test_two_moderators_silencing_at_once_silence_once(town: Town) -> None:
    town.browser("版主"), town.browser("二版主")
    answers = town.at_once(*(lambda n=n: restrict(town, n, "吴", "silence") for n in ("版主", "二版主")))

    assert sorted(answers) == [303, 422]


# Appeals.


def test_an_appeal_against_a_removal_is_granted_by_the_restoration(town: Town) -> None:
    topic = town.topic()
    town.measure("版主", "removals", subject=topic)
    entry = town.entry("林", "reversal")
    explained = town.get("林", f"/appeals/new?entry={entry}").text
    assert "《分层作业》" in explained
    assert "被版主移除" in explained
    filed = town.post("林", "/appeals", entry=entry, words="这是真实的教学讨论")
    address = filed.headers["location"]
    assert "处理中" in town.get("林", address).text
    assert "正在处理" in town.post("林", "/appeals", entry=entry, words="再申诉一次试试").text
    assert town.get("吴", address).status_code == 404
    id = address.removeprefix("/appeals/")
    desk = f"/moderation/appeals/{id}"
    assert "没有待答复的申诉" in town.get("远版主", "/moderation/appeals").text
    assert town.get("远版主", desk).status_code == 404
    queue = town.get("二版主", "/moderation/appeals").text
    assert ">收回：发表研讨话题《分层作业》</a>" in queue and "这是真实的教学讨论" in queue

    assert "由另一位同事答复" in town.get("版主", desk).text
    own = town.post("版主", f"{desk}/decision", verdict="declined", reason="维持原判")
    assert own.status_code == 403
    page = town.get("二版主", desk)
    assert "+10" in page.text and "共 +10，1 人" in page.text
    assert 'href="/moderation/restorations' not in page.text
    stale = town.post("二版主", f"{desk}/decision", verdict="granted", reason="确属误判", shown="old")
    assert stale.status_code == 409
    assert town.balance("林") == 0
    granted = town.post("二版主", f"{desk}/decision", verdict="granted", reason="确属误判", shown=shown_in(page))
    assert granted.status_code == 303
    assert town.balance("林") == 10
    told = town.get("林", address).text
    assert "申诉成立" in told
    assert "确属误判" in told
    late = town.post("何局", f"{desk}/decision", verdict="declined", reason="不行不行")
    assert late.status_code == 409
    assert town.holds()


def test_an_appeal_shows_the_thing_and_who_removed_it_when_and_why(town: Town) -> None:
    topic = town.topic()
    town.measure("版主", "removals", subject=topic)
    filed = town.post("林", "/appeals", entry=town.entry("林", "reversal"), words="这是真实的教学讨论")
    page = town.get("二版主", f"/moderation{filed.headers['location']}").text

    assert re.search(rf'<a href="/topics/{topic}">收回：[^<]+《分层作业》</a>', page)
    assert f'<a class="quiet" href="/moderation/reports/{topic}">分层作业</a>' in page
    assert "广告或推销" in page
    assert page.count(WHY["reason"]) == 1
    assert "教研员 版主" in page
    assert "正文" in town.get("二版主", f"/moderation/reports/{topic}").text


def test_a_removed_reply_comes_back_and_no_other(town: Town) -> None:
    topic = town.topic(repliers=2)
    town.does(reply, town.people["吴"], topic, "我的做法", town.site.now)
    # Two earlier removals of others' replies, and one withdrawn by its author: none of them is meant.
    town.measure("版主", "removals", subject=f"{topic}.1")
    town.does(withdraw_reply, town.crowd[1], topic, 2, town.site.now)
    town.measure("版主", "removals", subject=f"{topic}.3")
    assert "我的做法" not in town.get("林", f"/topics/{topic}").text

    town.measure("二版主", "restorations", subject=f"{topic}.3")
    assert "我的做法" in town.get("林", f"/topics/{topic}").text
    assert town.holds()


def test_an_appeal_is_answered_in_words_where_nothing_can_be_restored(town: Town) -> None:
    town.topic()
    entry = town.entry("林", "award")
    id = town.post("林", "/appeals", entry=entry, words="为什么只有十分").headers["location"].removeprefix("/appeals/")
    page = town.get("版主", f"/moderation/appeals/{id}").text
    assert "没有可以恢复的内容" in page
    assert 'value="granted"' not in page
    refused = town.post("版主", f"/moderation/appeals/{id}/decision", verdict="granted", reason="给你加分", shown="")
    assert refused.status_code == 422
    answered = town.post("版主", f"/moderation/appeals/{id}/decision", verdict="answered", reason="规则如此")
    assert answered.status_code == 303
    assert "已答复" in town.get("林", f"/appeals/{id}").text
    assert town.balance("林") == 10


def test_an_appeal_is_granted_by_taking_part_again_or_by_a_restoration_of_what_has_no_page(town: Town) -> None:
    lin, wu, mo = (town.people[name].id for name in ("林", "吴", "版主"))
    town.happen(
        cast.found_workshop(wu, "workshop-1"), cast.create_activity(wu, "activity-1", "workshop-1"),
        cast.submit(wu, "submission-1", "activity-1"),
        *(cast.take_part(one, "activity-1") for one in [*(each.id for each in town.crowd[:9]), lin]),
        cast.share(lin, "resource-1", "content-1"), cast.share(lin, "resource-2", "content-2"),
    )  # fmt: skip
    assert town.balance("林") == 70
    for lost, given_back, verb in (
        (cast.retract(mo, "activity-1", lin), 30, "take_part"),
        (cast.remove(mo, "resource-1"), 20, "restore"),
    ):
        town.happen(lost)
        assert town.balance("林") == 70 - given_back
        filed = town.post("林", "/appeals", entry=town.entry("林", "reversal"), words="我确实在场，请再看一看")
        desk = f"/moderation{filed.headers['location']}"
        assert 'value="granted"' not in town.get("版主", desk).text
        page = town.get("二版主", desk)
        assert [int(points) for points in re.findall(r'num plus">\+(\d+)<', page.text.partition("<table")[2])] == {
            30: [20, 10], 20: [20],
        }[given_back]  # fmt: skip
        granted = {"verdict": "granted", "reason": "确属误判", "shown": shown_in(page)}
        assert town.post("二版主", f"{desk}/decision", **granted).status_code == 303
        assert town.balance("林") == 70
        assert "申诉成立" in town.get("林", filed.headers["location"]).text
        with town.site.database.reading() as session:
            latest = session.execute(text("SELECT verb, object FROM fact ORDER BY position DESC LIMIT 1")).one()
        assert tuple(latest) == (verb, lost.object)
    for name, address in (("二版主", "/moderation/log"), ("林", "/me/decisions")):
        assert town.get(name, address).text.count("确属误判") == 4
    # What its owner took away is the owner's to bring back.
    for lost in (cast.remove(lin, "resource-2"), cast.remove(wu, "activity-1")):
        town.happen(lost)
        own = town.post("林", "/appeals", entry=town.entry("林", "reversal"), words="我还想要回来")
        assert 'value="granted"' not in town.get("二版主", f"/moderation{own.headers['location']}").text
    assert town.holds()


def test_an_appeal_against_a_redemption_is_granted_by_its_cancellation(town: Town) -> None:
    for n in range(10):
        town.topic(title=f"话题{n}")
    town.does(redeem, town.people["林"].id, "professional", 1, "key-1", town.site.now)
    entry = town.entry("林", "redemption")
    id = town.post("林", "/appeals", entry=entry, words="选错了科目类别").headers["location"].removeprefix("/appeals/")
    # A moderator may answer, but not give hours back.
    assert 'value="granted"' not in town.get("版主", f"/moderation/appeals/{id}").text
    page = town.get("何局", f"/moderation/appeals/{id}")
    decision = {"verdict": "granted", "reason": "同意更正", "shown": shown_in(page)}

    assert town.post("何局", f"/moderation/appeals/{id}/decision", **decision).status_code == 303
    assert town.balance("林") == 100
    assert sorted(town.told("林")) == [
        ("decision", "兑换的 1 学时已取消，退回 100 分"), ("decision", "您对“积分兑换学时”的申诉：申诉成立")
    ]  # fmt: skip
    assert "本人申请" in town.get("林", "/me/decisions").text


def test_the_only_officer_of_the_bureau_answers_also_against_the_own_act(town: Town) -> None:
    topic = town.topic()
    town.measure("何局", "removals", subject=topic)
    entry = town.entry("林", "reversal")
    id = town.post("林", "/appeals", entry=entry, words="请再看一看").headers["location"].removeprefix("/appeals/")
    assert "由教育局答复" in town.get("版主", f"/moderation/appeals/{id}").text
    assert "目前只有您一位" in town.get("何局", f"/moderation/appeals/{id}").text
    town.person("李局", "越秀区", "bureau")
    assert "由另一位同事答复" in town.get("何局", f"/moderation/appeals/{id}").text
    refused = town.post("何局", f"/moderation/appeals/{id}/decision", verdict="declined", reason="维持原判")
    assert refused.status_code == 403
    assert town.post("李局", f"/moderation/appeals/{id}/decision", verdict="declined", reason="维持").status_code == 303


def test_two_moderators_deciding_an_appeal_at_once_decide_once(town: Town) -> None:
    topic = town.topic()
    town.measure("何局", "removals", subject=topic)
    town.person("李局", "越秀区", "bureau"), town.person("王局", "越秀区", "bureau")
    entry = town.entry("林", "reversal")
    id = town.post("林", "/appeals", entry=entry, words="请再看一看").headers["location"].removeprefix("/appeals/")
    shown = {name: shown_in(town.get(name, f"/moderation/appeals/{id}")) for name in ("李局", "王局")}
    decision = f"/moderation/appeals/{id}/decision"
    answers = town.at_once(
        lambda: town.post("李局", decision, verdict="granted", reason="恢复", shown=shown["李局"]),
        lambda: town.post("王局", decision, verdict="declined", reason="维持"),
    )

    assert sorted(answers) == [303, 409]
    assert town.balance("林") == (10 if answers[0] == 303 else 0)


def test_entries_that_are_none_or_somebody_elses_are_not_there(town: Town) -> None:
    town.topic()
    own = town.entry("林", "award")

    for entry in ("", "2026.1", "2026.9.9", "x.y.z", "2026.1.1.1", "2026.01.1", "9999999999.1.1", "²026.1.1"):
        assert town.get("林", f"/appeals/new?entry={entry}").status_code == 404, entry
        assert town.post("林", "/appeals", entry=entry, words="这条明细不对").status_code == 404, entry
    assert town.get("林", f"/appeals/new?entry={own}").status_code == 200
    assert town.get("吴", f"/appeals/new?entry={own}").status_code == 404
    assert town.post("吴", "/appeals", entry=own, words="这条明细不对").status_code == 404


# The log.


@pytest.mark.parametrize("change", ["UPDATE staff_action SET reason = ''", "DELETE FROM staff_action"])
def test_the_log_of_staff_cannot_be_changed(town: Town, change: str) -> None:
    town.measure("版主", "removals", subject=town.topic(repliers=0))

    with pytest.raises(DBAPIError, match="append-only"), town.site.database.writing() as session:
        session.execute(text(change))


def test_the_log_is_read_by_staff_in_their_district_and_by_those_concerned(town: Town) -> None:
    town.measure("版主", "removals", subject=town.topic(repliers=0))

    for name, sees in (("二版主", True), ("何局", True), ("远版主", False)):
        assert (WHY["reason"] in town.get(name, "/moderation/log").text) is sees
    mine = town.get("林", "/me/decisions").text
    assert WHY["reason"] in mine
    assert "教研员 · " in mine
    assert WHY["reason"] not in town.get("吴", "/me/decisions").text


def test_the_log_leads_to_what_it_is_about_as_far_as_its_reader_sees_that(town: Town) -> None:
    topic, other = town.topic(repliers=0), town.topic(repliers=1, title="另一个")
    lin = f"/people/{town.people['林'].id}"
    town.measure("版主", "removals", subject=topic)
    town.measure("版主", "removals", subject=f"{other}.1")
    restrict(town, "版主", "林", "silence")
    log = town.get("二版主", "/moderation/log").text
    for address in (f"/moderation/reports/{topic}", f"/moderation/reports/{other}.1", lin):
        assert f'href="{address}"' in log
        assert town.get("二版主", address).status_code == 200
    mine = town.get("林", "/me/decisions").text
    assert f'href="/topics/{topic}"' in mine
    assert town.get("林", f"/topics/{topic}").status_code == 200

    # Somebody else's topic is removed after a reply of one's own in it was.
    of_wu = town.topic("吴", repliers=0, title="别人的")
    town.does(reply, town.people["林"], of_wu, "我的做法", town.site.now)
    town.measure("版主", "removals", subject=f"{of_wu}.1")
    assert f'href="/topics/{of_wu}#1"' in town.get("林", "/me/decisions").text
    town.measure("版主", "removals", subject=of_wu)
    assert f"/topics/{of_wu}" not in town.get("林", "/me/decisions").text


def test_restoring_is_offered_to_those_who_may_while_the_removal_stands(town: Town) -> None:
    of_moderator, of_bureau, back = (town.topic(repliers=0, title=title) for title in ("甲", "乙", "丙"))
    for by, topic in (("版主", of_moderator), ("何局", of_bureau), ("版主", back)):
        town.measure(by, "removals", subject=topic)
    town.site.now += timedelta(minutes=1)
    town.measure("版主", "restorations", subject=back)

    for reader, offered in (("二版主", {of_moderator}), ("何局", {of_moderator, of_bureau})):
        log = town.get(reader, "/moderation/log").text
        assert set(re.findall(r"/moderation/restorations/new\?subject=([\w-]+)", log)) == offered
        for topic in (of_moderator, of_bureau):
            case = town.get(reader, f"/moderation/reports/{topic}").text
            assert ("/moderation/restorations/new" in case) is (topic in offered)
