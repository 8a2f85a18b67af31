"""Near-doubles at the desk: side by side, decided with a reason, and the decision taken back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from httpx2 import Response

from community.sharing import edit_resource
from tests.community.test_near_doubles import EIGHT, TEXT, alike_by_signs
from tests.conftest import Filled
from tests.site import site_on
from tests.web.test_moderation import Town, inhabited, shown_in
from tests.web.test_resource_moderation import ABOUT, resource


@pytest.fixture
def town(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    alike_by_signs(monkeypatch)
    database, (people, crowd) = filled(inhabited)
    with site_on(database) as site:
        yield Town(site, people, crowd)


def pair(town: Town, older: str = "林", newer: str = "吴") -> tuple[str, str]:
    """The newer and the older of two resources that are alike to 80 per cent."""
    first = resource(town, older, title="先有的教案", files=("甲",), says=TEXT)
    return resource(town, newer, title="后来的教案", files=("乙",), says=EIGHT), first


def at(newer: str, older: str) -> str:
    return f"/moderation/doubles/{newer}/{older}"


def decide(town: Town, by: str, newer: str, older: str, verdict: str) -> Response:
    """Look at a pair and decide about what is shown; where nothing is to be decided, try all the same."""
    page = town.get(by, at(newer, older))
    shown = shown_in(page) if 'name="shown"' in page.text else ""
    return town.post(by, f"{at(newer, older)}/verdict", verdict=verdict, reason="逐段对照过", shown=shown)


def test_a_pair_waits_where_the_newer_one_was_shared_and_is_seen_side_by_side(town: Town) -> None:
    newer, older = pair(town)
    queue = town.get("版主", "/moderation/doubles").text
    assert f'href="{at(newer, older)}"' in queue
    assert "80% 相似" in queue
    assert "与 林 的《先有的教案》相似" in queue
    assert "近似资源 <b" in town.get("版主", "/moderation").text
    assert 'href="/moderation/doubles"' in town.get("版主", "/").text
    page = town.get("版主", at(newer, older)).text
    for said in ("后来的教案", "先有的教案", "<li>甲.pdf</li>", "<li>乙.pdf</li>", f'href="/resources/{older}"'):
        assert said in page
    assert "没有待查看的近似资源" in town.get("远版主", "/moderation/doubles").text
    for name, status in (("远版主", 404), ("吴", 403), ("校长", 403), ("何局", 200)):
        assert town.get(name, at(newer, older)).status_code == status
    assert town.get("版主", at(older, newer)).status_code == 404


def test_no_double_is_logged_and_nobody_is_told(town: Town) -> None:
    newer, older = pair(town)
    assert decide(town, "版主", newer, older, "apart").headers["location"] == "/moderation/doubles"
    assert town.told("吴") == []
    assert "逐段对照过" not in town.get("吴", "/me/decisions").text
    log = town.get("二版主", "/moderation/log").text
    assert "近似资源：不是重复" in log
    assert f'href="{at(newer, older)}"' in log
    assert "没有待查看的近似资源" in town.get("版主", "/moderation/doubles").text
    again = decide(town, "二版主", newer, older, "double")
    assert (again.status_code, "这一对已经处理过了" in again.text) == (409, True)
    assert town.balance("吴") == 20


def test_a_double_is_told_and_leads_on_to_what_staff_may_do(town: Town) -> None:
    newer, older = pair(town)
    assert decide(town, "版主", newer, older, "double").headers["location"] == at(newer, older)
    assert town.told("吴") == [("decision", "《后来的教案》与《先有的教案》内容重复")]
    mine = town.get("吴", "/me/decisions").text
    assert "逐段对照过" in mine
    assert f'href="/resources/{newer}"' in mine
    removal = f"/moderation/removals/new?subject={newer}&amp;ground=repeated"
    revocation = f"/moderation/revocations/new?thing={newer}&amp;rule=share_resource"
    assert [removal in town.get(name, at(newer, older)).text for name in ("二版主", "何局")] == [True, True]
    assert [revocation in town.get(name, at(newer, older)).text for name in ("二版主", "何局")] == [False, True]
    assert town.get("版主", removal.replace("&amp;", "&")).status_code == 200
    assert town.measure("版主", "removals", subject=newer).status_code == 303
    assert (town.balance("吴"), town.balance("林")) == (0, 20)
    assert removal not in town.get("二版主", at(newer, older)).text
    assert town.holds()


def test_a_decision_is_taken_back_and_its_author_told(town: Town) -> None:
    newer, older = pair(town)
    decide(town, "版主", newer, older, "double")
    town.site.now += town.site.now - town.written_at
    undo = f"{at(newer, older)}/verdict/delete"
    assert town.post("二版主", undo, reason="").status_code == 422
    assert town.post("二版主", undo, reason="看错了一份").status_code == 303
    assert town.told("吴")[0] == ("decision", "《后来的教案》与《先有的教案》是否重复，将重新审核")
    assert f'href="{at(newer, older)}"' in town.get("版主", "/moderation/doubles").text
    again = town.post("二版主", undo, reason="再撤一次")
    assert (again.status_code, "还没有处理" in again.text) == (409, True)
    decide(town, "何局", newer, older, "apart")
    assert town.post("版主", undo, reason="我来改").status_code == 403
    assert town.post("何局", undo, reason="再看看").status_code == 303


def test_what_is_decided_about_is_what_was_shown(town: Town) -> None:
    newer, older = pair(town)
    page = town.get("版主", at(newer, older))
    anew = {"title": "后来的教案", "text": "换了一种说法", **ABOUT}
    town.site.now += timedelta(minutes=5)
    town.does(edit_resource, town.people["吴"], newer, town.site.now, **anew)
    typed = {"verdict": "double", "reason": "逐段对照过", "shown": shown_in(page)}
    late = town.post("版主", f"{at(newer, older)}/verdict", **typed)

    assert (late.status_code, "其中一份刚刚有了修改" in late.text, "换了一种说法" in late.text) == (409, True, True)
    assert "逐段对照过" in late.text
    assert town.told("吴") == []
    assert decide(town, "版主", newer, older, "double").status_code == 303


def test_nobody_decides_about_their_own(town: Town) -> None:
    newer, older = pair(town, "版主", "吴")
    assert town.get("版主", at(newer, older)).status_code == 403
    assert decide(town, "版主", newer, older, "double").status_code == 403
    assert decide(town, "二版主", newer, older, "apart").status_code == 303


def test_what_is_gone_does_not_wait(town: Town) -> None:
    newer, older = pair(town)
    town.measure("版主", "removals", subject=older)
    assert "没有待查看的近似资源" in town.get("版主", "/moderation/doubles").text
    assert "近似资源 <b" not in town.get("版主", "/moderation").text
    town.measure("二版主", "restorations", subject=older)
    assert "近似资源 <b" in town.get("版主", "/moderation").text
    assert at(newer, older) in town.get("版主", "/moderation/doubles").text


def test_two_moderators_deciding_at_once_decide_once(town: Town) -> None:
    newer, older = pair(town)
    for name in ("版主", "二版主"):
        town.browser(name)
    address = f"{at(newer, older)}/verdict"
    typed = {"reason": "逐段对照过", "shown": shown_in(town.get("版主", at(newer, older)))}
    answers = town.at_once(
        lambda: town.post("版主", address, verdict="double", **typed),
        lambda: town.post("二版主", address, verdict="apart", **typed),
    )

    assert sorted(answers) == [303, 409]
    assert len(town.told("吴")) == (1 if answers[0] == 303 else 0)
