"""Pages: templates of Jinja, with everything escaped that is not our own markup."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from community.roles import may
from points.years import SHANGHAI
from web.commands.paper import number
from web.static import address
from web.visit import Visit

environment: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)


def page(here: Visit, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page by its template, in the visitor's language."""
    text = environment.get_template(template).render(here=here, me=here.person, now=here.now, **context)
    return HTMLResponse(text, status)


def when(moment: datetime, now: datetime) -> str:
    """A moment as people say it (Asia/Shanghai): 刚刚, 3 分钟前, 昨天 14:20, 5月3日, 2024年5月3日."""
    there, today = moment.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    passed = now - moment
    if timedelta(0) <= passed < timedelta(minutes=1):
        return "刚刚"
    if timedelta(0) <= passed < timedelta(hours=1):
        return f"{passed.seconds // 60} 分钟前"
    days = (today.date() - there.date()).days
    if days in DAYS:
        return f"{DAYS[days]} {there:%H:%M}"
    return (
        f"{there.month}月{there.day}日" if there.year == today.year else f"{there.year}年{there.month}月{there.day}日"
    )


DAYS: Final = {0: "今天", 1: "昨天", 2: "前天"}


def exactly(moment: datetime) -> str:
    """A moment to the second (Asia/Shanghai), for those who want to know."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
environment.globals.update(static=address, may=may)
environment.filters.update(when=when, exactly=exactly, number=number)
