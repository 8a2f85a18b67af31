"""/me/sign-ins: where one is signed in, and ending that."""

import re
from typing import Final

from fastapi.responses import HTMLResponse, Response

from community.sign_ins import revoke, sign_ins_of, sign_out_everywhere
from community.words import say
from web.flash import lead_on
from web.forms import NothingForm
from web.templating import page
from web.visit import MemberAlone, Router

router = Router("/me/sign-ins")


PROGRAMS: Final = {
    "MicroMessenger": say("微信"), "DingTalk": say("钉钉"), "Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox",
    "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
DEVICES: Final = {
    "iPhone": "iPhone", "iPad": "iPad", "HarmonyOS": "HarmonyOS", "Android": "Android", "Windows": "Windows",
    "Macintosh": "Mac", "Linux": "Linux",
}  # fmt: skip


@router.get("")
def index(here: MemberAlone) -> HTMLResponse:
    """Where one is signed in."""
    assert here.sign_in is not None
    found = [(one, *device_of(one.agent)) for one in sign_ins_of(here.session, here.me.id, here.now)]
    return page(here, "me/sign_ins.html", section="/me", found=found, this=here.sign_in.id)


@router.post("/delete")
def end_others(here: MemberAlone, form: NothingForm) -> Response:
    """End all sign-ins but this one."""
    assert here.sign_in is not None
    sign_out_everywhere(here.session, here.me.id, but=here.sign_in.id)
    return lead_on(here, "/me/sign-ins", say("其他设备上的登录都已退出。"))


@router.post("/{id}/delete")
def end(here: MemberAlone, id: str, form: NothingForm) -> Response:
    """End one sign-in. Raises NotThere."""
    revoke(here.session, here.me.id, id)
    return lead_on(here, "/me/sign-ins", say("这次登录已退出。"))


def device_of(agent: str) -> tuple[str, str]:
    """The program and the device that a browser says it is, as people know them; empty for others."""
    program = next((name for mark, name in PROGRAMS.items() if re.search(rf"\b{mark}", agent)), "")
    return program, next((name for mark, name in DEVICES.items() if mark in agent), "")
