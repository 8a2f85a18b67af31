"""/verify: whether a receipt or a certificate holds, for anybody who has its token; a number alone shows nothing."""

from fastapi.responses import HTMLResponse

from community.certificates import certificate_with
from community.receipts import masked, receipt_with
from community.refusals import NotThere
from community.schools import school_of
from community.words import say
from points.hour_bank import hour_bank
from web.addresses import host_of
from web.templating import page
from web.visit import Anyone, Router, Visit

router = Router("/verify")

UNSEEN = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


def verify_link(here: Visit, token: str) -> str:
    """The whole address of the page that a token opens, for codes and paper."""
    return f"{here.request.app.state.settings.site_url.rstrip('/')}/verify/{token}"


@router.get("/{token}")
def show(here: Anyone, token: str) -> HTMLResponse:
    """What stands behind a token. Raises NotThere, TooFast."""
    request = here.request
    request.app.state.verifying.demand(host_of(request), here.now)
    proof = receipt_with(here.session, token)
    if proof is not None:
        answer = page(here, "verify/receipt.html", section="", proof=proof, name=masked(proof.receipt.name))
        answer.headers.update(UNSEEN)
        return answer
    found = certificate_with(here.session, token)
    if found is None:
        raise NotThere(say("没有这样的凭证。请核对链接，或重新扫描凭证上的二维码。"))
    consent, person = found
    answer = page(
        here, "verify/certificate.html", section="", consent=consent, person=person,
        school=school_of(here.session, person.school), hours=hour_bank(here.session, person.id, consent.year),
    )  # fmt: skip
    answer.headers.update(UNSEEN)
    return answer
