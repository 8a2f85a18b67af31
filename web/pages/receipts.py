"""/points/receipts: the receipt of a redemption, for its owner."""

from fastapi.responses import HTMLResponse

from community.receipts import receipt_of
from web.pages.verify import verify_link
from web.qr import qr
from web.templating import page
from web.visit import Member, Router

router = Router("/points/receipts")


@router.get("/{number}")
def show(here: Member, number: str) -> HTMLResponse:
    """A receipt, with a code by which anyone can verify it. Raises NotThere for any but one's own."""
    proof = receipt_of(here.session, here.me, number)
    link = verify_link(here, proof.receipt.token)
    return page(here, "points/receipt.html", section="/points", proof=proof, link=link, qr=qr(link))
