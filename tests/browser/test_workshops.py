"""A workshop, applied for, founded, held, active and featured; removed, appealed about and restored."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.served import Served
from tests.browser.windows import DESK, PHONE, Kind, Window
from tests.site import OURS, PASSWORD
from tests.town import BUREAU, CROWD, MODERATOR, NOW, OWNER
from tests.web.test_moderation import shown_in
from tests.workshop import came, featured, founded, handed, held
from web.qr import qr

PLAN = {"title": "整本书阅读教学", "text": "六次活动，从*批注*到课堂。", "stage": "初中", "subject": "语文"}
FIRST = {"kind": "homework", "title": "共读与批注", "text": "选一处最想问学生的地方，写 50 字批注。"}
ANNOTATED = {"title": "长句批注", "text": "读三遍才写得出。"}
GOOD, WHY = "每一句都能带进课堂。", "六次活动都有成果。"
HOST, TEACHERS, LATE, LATEST = OWNER, CROWD[:12], CROWD[12], CROWD[13]
HALF_MINUTE = timedelta(seconds=30)


class Others:
    """People of the site whose windows need not be seen: they ask by plain HTTP."""

    def __init__(self, site: Served, browser: httpx2.Client) -> None:
        self.site, self.browser = site, browser

    def get(self, name: str, address: str) -> httpx2.Response:
        return self.browser.get(self.site.address + address, headers=self._who(name))

    def post(self, name: str, address: str, **typed: str) -> str:
        """Send a form; where it leads."""
        form = {"key": f"{CROWD.index(name) if name in CROWD else name}-{address}", **typed}
        answer = self.browser.post(self.site.address + address, data=form, headers=self._who(name))
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def points(self, *names: str) -> list[int]:
        """What their own pages say that they have."""
        return [points_on(self.get(name, "/points").text) for name in names]

    def sign_in(self, name: str, workshop: str, activity: str, code: str) -> None:
        self.post(name, f"{workshop}/membership")
        self.post(name, f"{activity}/sign-in", code=code)

    def recommend(self, submission: str) -> None:
        """The host recommends it, as previewed."""
        address = f"{submission}/recommendation"
        self.post(HOST, address, text=GOOD, version="1", shown=shown_in(self.get(HOST, f"{address}/new")))

    def _who(self, name: str) -> dict[str, str]:
        return {"cookie": f"gongyan={self.site.town.tokens[name]}"}


@pytest.fixture
def same_site(site_in: Callable[[str], Served]) -> Iterator[Served]:
    """A site of people who have no points yet; it is started already."""
    shared = site_in("young")
    yield shared
    shared.site.now = NOW
    shared.begin_again()


@pytest.fixture
def others(same_site: Served) -> Iterator[Others]:
    with httpx2.Client(headers=OURS, timeout=60) as browser:
        yield Others(same_site, browser)


@pytest.mark.parametrize("kind", [Kind(DESK), Kind(PHONE), Kind(DESK, scripts=False)], ids=str)
def test_a_workshop_from_the_application_to_the_home_page(
    same_site: Served, others: Others, window: OpenWindow, kind: Kind
) -> None:
    site, points = same_site, others.points
    mine, theirs, hers = window(site, HOST, kind), window(site, MODERATOR, kind), window(site, kind=kind)

    mine.open("/workshops/new")
    mine.submit(PLAN, "form[action='/workshops']")
    expect(mine.page.get_by_role("heading", level=1)).to_have_text(PLAN["title"])
    expect(mine.page.locator("main")).to_contain_text("申请正在等待审核")
    workshop = path_of(mine)
    theirs.open("/moderation/workshops")
    go(theirs, PLAN["title"])
    assert previewed(theirs.page) == {(HOST, "一(七)"): ("+50", "50")}
    assert points(HOST) == [0]
    theirs.submit({"verdict": "approved", "reason": "计划清楚。"}, "form[action$='/decision']")
    assert points(HOST) == [50]

    mine.open(workshop)
    go(mine, "新建活动")
    mine.submit(FIRST, "form[action$='/activities']")
    expect(mine.page.get_by_role("heading", level=1)).to_have_text(FIRST["title"])
    assert points(HOST) == [70]
    activity = path_of(mine)
    mine.submit({}, "form[action$='/opening']")
    mine.page.clock.install()
    go(mine, "在屏幕上显示签到码")
    code = shown_code(mine.page)
    scanned = f"{activity}/sign-in?code={code}"
    assert mine.page.locator(".code svg path").last.get_attribute("d") == drawn(site, scanned)

    hers.open(scanned)
    hers.submit({"name": f"no-{TEACHERS[0]}", "password": PASSWORD})
    hers.submit({}, f"form[action^='{workshop}/membership']")
    hers.submit({}, f"form[action='{activity}/sign-in']")
    expect(hers.page.locator(".flash")).to_have_text("签到成功。")
    for name in TEACHERS[1:9]:
        others.sign_in(name, workshop, activity, code)
    site.site.now += HALF_MINUTE
    renew(mine)
    expect(mine.page.locator("#came .big")).to_have_text("9 人到场")
    expect(mine.page.locator("#came")).to_contain_text(TEACHERS[8])
    expect(mine.page.locator("#shown .big")).not_to_have_text(f"{code[:3]} {code[3:]}")
    flaws = looked_into(mine)
    assert points(HOST, *TEACHERS) == [70, *[0] * 12]

    become(hers, site, TEACHERS[9])
    sign_in(hers, activity, shown_code(mine.page))
    assert toasts(hers.page) == ["+20 二(七)"]
    assert points(HOST, *TEACHERS) == [170, *[20] * 10, 0, 0]
    for name in TEACHERS[10:]:
        others.sign_in(name, workshop, activity, shown_code(mine.page))
    go(hers, "交作业")
    hers.submit(ANNOTATED, "form[action$='/submissions']")
    assert toasts(hers.page) == ["+10 二(五)"]
    assert points(HOST, *TEACHERS) == [170, *[30] * 12]

    seen = path_of(hers)
    handed_in = [others.post(name, f"{activity}/submissions", **ANNOTATED) for name in TEACHERS if name != TEACHERS[9]]
    mine.open(f"{seen}/recommendation/new")
    expect(mine.page.locator("main form .kv")).to_have_text(f"{TEACHERS[9]} · 二(六) 研修作业推优+20")
    mine.submit({"text": GOOD}, "form[action$='/recommendation']")
    for one in handed_in:
        others.recommend(one)
    assert points(HOST, *TEACHERS) == [170, *[50] * 12]
    hers.open("/points")
    assert statement(hers.page) == ["二(六) +20 50", "二(五) +10 30", "二(七) +20 20"]

    become(hers, site, LATE)
    mine.open(f"{activity}/code")
    sign_in(hers, activity, shown_code(mine.page))
    assert toasts(hers.page) == ["+10 二(五)", "+20 二(七)"]
    assert points(HOST, LATE) == [170, 30]
    theirs.open(workshop)
    expect(theirs.page.locator("main .chip").first).to_have_text("活跃")
    go(theirs, "置顶")
    granted = {(name, "二(九)"): ("+100", "150") for name in TEACHERS}
    assert previewed(theirs.page) == granted | {(LATE, "二(九)"): ("+100", "130"), (HOST, "二(九)"): ("+500", "670")}
    flaws += looked_into(theirs)
    theirs.submit({"reason": WHY}, "form[action='/moderation/featurings']")
    others.sign_in(LATEST, workshop, activity, shown_code(mine.page))

    assert points(HOST, *TEACHERS, LATE, LATEST) == [670, *[150] * 12, 130, 30]
    mine.open("/points")
    assert statement(mine.page) == ["二(九) +500 670", "二(七) +100 170", "一(八) +20 70", "一(七) +50 50"]
    hers.open("/points")
    assert statement(hers.page) == ["二(九) +100 130", "二(七) +20 30", "二(五) +10 10"]
    hers.open("/")
    expect(on_home(hers.page)).to_contain_text("置顶")
    flaws += looked_into(hers)
    assert flaws + mine.flaws + theirs.flaws + hers.flaws == []


@pytest.mark.parametrize("kind", [Kind(DESK), Kind(PHONE, scripts=False)], ids=str)
def test_a_removed_workshop_takes_its_points_from_all_and_an_appeal_brings_them_back(
    same_site: Served, others: Others, window: OpenWindow, kind: Kind
) -> None:
    site, everybody = same_site, (HOST, *TEACHERS, LATE)
    workshop, had = featured_one(site), [670, *[130] * 12, 30]
    assert others.points(*everybody) == had
    mine, theirs, hers = (window(site, who, kind) for who in (HOST, MODERATOR, TEACHERS[0]))

    theirs.open(workshop)
    go(theirs, "处理")
    go(theirs, "移除")
    form = theirs.page.locator("main form")
    expect(form).to_contain_text("参与者因这个工作坊得到的积分也会收回")
    expect(form).to_contain_text("共 −2,110，14 人")
    taken = {"二(九)": "−500", "二(七)": "−100", "一(七)": "−50"}
    of_host = {clause: line for (name, clause), line in previewed(theirs.page).items() if name == HOST}
    assert of_host == {clause: (points, "20") for clause, points in taken.items()}
    flaws = looked_into(theirs)
    theirs.submit({"ground": "unrelated", "reason": "与教研无关。"}, "form[action='/moderation/removals']")
    assert others.points(*everybody) == [20, *[10] * 13]
    hers.open("/")
    expect(on_home(hers.page)).to_have_count(0)
    hers.open(workshop, 404)

    mine.open(workshop)
    expect(mine.page.locator("main")).to_contain_text("已被管理员移除")
    mine.open("/points?kind=taken")
    assert {tuple(line.split()[:2]) for line in statement(mine.page)} == set(taken.items())
    flaws += looked_into(mine)
    go(mine, "申诉", ".statement a")
    mine.submit({"words": "六次活动都是真实的，请再看一看。"}, "form[action='/appeals']")
    appeal = path_of(mine)
    theirs.open(f"/moderation{appeal}")
    expect(theirs.page.locator("main .warn")).to_have_text("申诉所指的处理是您做的，由另一位同事答复。")
    other = window(site, BUREAU, kind)
    other.open("/moderation/appeals")
    expect(other.page.locator("main .row")).to_contain_text("六次活动都是真实的")
    go(other, PLAN["title"])
    form = other.page.locator("main form")
    expect(form).to_contain_text(f"恢复《{PLAN['title']}》")
    expect(form).to_contain_text("共 +2,110，14 人")
    flaws += looked_into(other)
    other.submit({"verdict": "granted", "reason": "核实无误，予以恢复。"}, "form[action$='/decision']")

    assert others.points(*everybody) == had
    mine.open(appeal)
    expect(mine.page.locator("main")).to_contain_text("核实无误，予以恢复。")
    hers.open(workshop)
    expect(hers.page.get_by_role("heading", level=1)).to_have_text(PLAN["title"])
    hers.open("/")
    expect(on_home(hers.page)).to_contain_text("置顶")
    assert flaws + mine.flaws + theirs.flaws + hers.flaws + other.flaws == []


def go(window: Window, words: str, links: str = "main a") -> None:
    """Follow a link of the page, and look at where it leads."""
    with window.page.expect_event("load"):
        window.page.locator(links, has_text=words).first.click()
    window.look()


def become(window: Window, site: Served, name: str) -> None:
    """Have somebody else take a window over in which nothing has gone wrong."""
    assert window.flaws == []
    window.take_over(site.address, site.town.tokens[name])


def sign_in(window: Window, activity: str, code: str) -> None:
    """Join from the activity's page, which that leads back to, and type the code as the screen shows it."""
    window.open(activity)
    window.submit({}, "form[action*='/membership']")
    assert path_of(window) == activity
    go(window, "签到")
    window.submit({"code": f"{code[:3]} {code[3:]}"}, "form[action$='/sign-in']")


def renew(window: Window) -> None:
    """Let the screen come to show what holds now: by itself where scripts run, else by its button."""
    if window.kind.scripts:
        window.page.clock.fast_forward(5_000)
    else:
        window.submit({}, "form[action$='/code']")


def shown_code(page: Page) -> str:
    return re.sub(r"\D", "", page.locator("#shown .big").inner_text())


def drawn(site: Served, path: str) -> str:
    """The modules of the QR that leads to a page, as its SVG has them."""
    address = site.site.app.state.settings.site_url.rstrip("/") + path
    return re.findall(r' d="([^"]+)"', qr(address, fills=True))[-1]


def path_of(window: Window) -> str:
    return window.page.url.removeprefix(window.site).partition("#")[0]


def toasts(page: Page) -> list[str]:
    """Points and clauses that the page says were just earned."""
    return sorted(told(page, ".toast", "b, .cap"))


def statement(page: Page) -> list[str]:
    """Clause, points and balance of each line, the latest first."""
    return told(page, ".statement tbody tr", ".clause, td.n")


def previewed(page: Page) -> dict[tuple[str, str], tuple[str, str]]:
    """What a form's preview says that each would get or lose by a clause, and have then."""
    lines = [line.split() for line in told(page, "main form tbody tr", "td")]
    return {(name, clause): (moved, balance) for name, clause, *_, moved, balance in lines}


def told(page: Page, rows: str, cells: str) -> list[str]:
    """The words of some cells of each row."""
    return list(page.locator(rows).evaluate_all(WORDS, cells))


WORDS = """(rows, cells) => rows.map(row =>
  [...row.querySelectorAll(cells)].map(cell => cell.textContent.trim()).join(" "))"""


def on_home(page: Page) -> Locator:
    """The card of the workshop among those that are featured."""
    return page.locator(".feature .w", has_text=PLAN["title"])


def points_on(page: str) -> int:
    """The balance that a page of points shows."""
    found = re.search(r'class="big num"[^>]*>\s*(−?[\d,]+)', page)
    return int(found[1].replace("−", "-").replace(",", "")) if found else 0


def looked_into(window: Window) -> list[str]:
    """What axe finds wrong with the page: once, as every page is looked at in all widths elsewhere."""
    return [f"{path_of(window)}: axe: {flaw}" for flaw in window.axe()] if window.kind == Kind(DESK) else []


def featured_one(site: Served) -> str:
    """The path of a workshop that was featured after TEACHERS and before LATE took part."""
    people, at = site.town.people, NOW - timedelta(hours=1)
    host, moderator = people[HOST], people[MODERATOR]
    with site.site.database.writing() as session:
        workshop = founded(session, host, moderator, at, PLAN["title"])
        activity = held(session, host, workshop, at, "homework")
        for name in TEACHERS:
            came(session, people[name], activity, at)
        handed(session, people[TEACHERS[0]], activity, at)
        featured(session, moderator, workshop, at, WHY)
        came(session, people[LATE], activity, at)
    return f"/workshops/{workshop}"
