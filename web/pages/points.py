"""/points: one's own passbook."""

from typing import Final

from fastapi.responses import HTMLResponse

from community.words import say
from points.statements import statement, teacher_progress
from points.years import days_left
from web.templating import page
from web.visit import Member, Router

router = Router("/points")

WHY: Final = {
    "cap": say("已达上限，超出部分不计"),
    "duplicate_content": say("内容与已有资源相同，不计分"),
    "removed": say("内容被移除，积分收回"),
    "retracted": say("参与已撤回，积分收回"),
    "revoked": say("积分被撤销"),
}


@router.get("")
def show(here: Member) -> HTMLResponse:
    """The open year: balance, rules against their caps, every entry."""
    mine = teacher_progress(here.session, here.me.id, here.now)
    book = statement(here.session, here.me.id, mine.year) if mine else None
    year = book.years[0] if book and book.years else None
    return page(
        here, "points/show.html", section="/points", mine=mine, year=year, why=WHY, days_left=days_left(here.now)
    )
