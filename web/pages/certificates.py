"""/points/{year}/certificate: a year's hours on one sheet of paper, which others can verify if its owner agrees."""

from fastapi.responses import HTMLResponse, Response

from community.certificates import agree, consent_of, withdraw
from community.schools import school_of
from community.words import say
from web.books import book_of
from web.flash import lead_on
from web.forms import NothingForm
from web.pages.verify import verify_link
from web.qr import qr
from web.templating import page
from web.visit import Member, Router

router = Router("/points/{year}/certificate")


@router.get("")
def show(here: Member, year: int) -> HTMLResponse:
    """The certificate. Raises NotThere for a year without an account."""
    book = book_of(here, year)
    consent = consent_of(here.session, here.me, year)
    link = verify_link(here, consent.token) if consent else ""
    return page(
        here, "points/certificate.html", section="/points", book=book, school=school_of(here.session, here.me.school),
        consent=consent, link=link, qr=qr(link) if link else "",
    )  # fmt: skip


@router.post("/consent")
def consent(here: Member, year: int, form: NothingForm) -> Response:
    """Agree that whoever has the link sees name and hours of the year."""
    book = book_of(here, year)
    agree(here.session, here.me, book.year, here.now)
    return lead_on(here, f"/points/{year}/certificate", say("已同意。证明上现在有二维码，扫码的人能看到姓名和学时。"))


@router.post("/consent/delete")
def take_back(here: Member, year: int, form: NothingForm) -> Response:
    """Take it back: the link shows nothing any more."""
    book = book_of(here, year)
    withdraw(here.session, here.me, book.year)
    return lead_on(here, f"/points/{year}/certificate", say("已收回同意，原来的二维码和链接不再有效。"))
