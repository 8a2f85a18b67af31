"""/workshops/…/members and membership: who belongs to a workshop, comes, goes, is invited or assists."""

import re
from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, BeforeValidator
from starlette.datastructures import UploadFile

from community.refusals import NotAllowed
from community.review import HELD, write
from community.words import say
from web.addresses import page_of_ours
from web.ahead import Ahead, Early, ahead
from web.composing import Reason
from web.flash import flash, lead_on
from web.forms import Form, NothingForm, sent
from web.roster_files import rows_of
from web.templating import page
from web.visit import Member, Router, Visit
from workshops.assistants import appoint, dismiss
from workshops.invitations import decline, invite, invited_into, withdraw_invitation
from workshops.member_lists import assistants_of, invitations_of, member_listed, members_of
from workshops.members import join, leave
from workshops.taking_in import Plan, look, take_in
from workshops.taking_out import ASSISTS
from workshops.workshops import WrongState
from workshops.workshops_seen import Seen, workshop_seen

router = Router("/workshops/{id}")

BETWEEN_NAMES = re.compile(r"[\s,，、;；]+")
SHOWN = 200
"""Lines of a list that was looked at; what is wrong comes first."""


def _names(typed: Any) -> list[str]:
    return [name for name in BETWEEN_NAMES.split(str(typed)[:5000]) if name]


class Names(BaseModel):
    """People by name or staff number."""

    names: Annotated[list[str], BeforeValidator(_names)] = []


class Numbers(BaseModel):
    """A list of staff numbers; `shown` is the digest of what the page showed of it."""

    numbers: str = ""
    shown: str = ""


class Somebody(BaseModel):
    """A member, by id."""

    person: str


class TakenOut(BaseModel):
    """Why somebody is taken out."""

    reason: Reason


def read_file(early: Early, form: Form[Numbers]) -> str:
    """The list in a file, a line for each row. Raises WrongInput, NotSignedIn."""
    early.member()
    lines: dict[int, str] = {}
    for number, row in rows_of(form.typed["file"].filename, form.typed["file"].file, ("工号",)):
        lines[number] = f"{row.get('工号', '')} {row.get('姓名', '')}".strip()
    # The rows keep the numbers that they have in the file.
    return "\n".join(lines.get(number, "") for number in range(1, max(lines) + 1))


def _brings_file(form: Form[Numbers]) -> bool:
    file = form.typed.get("file")
    return isinstance(file, UploadFile) and bool(file.filename)


numbers_form = sent(Numbers)
NamesForm = Annotated[Form[Names], Depends(sent(Names))]
NumbersForm = Annotated[Form[Numbers], Depends(numbers_form)]
SomebodyForm = Annotated[Form[Somebody], Depends(sent(Somebody))]
TakenOutForm = Annotated[Form[TakenOut], Depends(sent(TakenOut))]
ReadAhead = Annotated[Ahead[str], Depends(ahead(numbers_form, read_file, _brings_file))]


@router.get("/members")
def index(here: Member, id: str, p: int = 1) -> HTMLResponse:
    """The members, for them and the staff. Raises NotThere, NotAllowed."""
    return page(here, "workshops/members.html", form=Form(Names), **_members(here, id, p))


@router.post("/membership")
def create(here: Member, id: str, next: str = "") -> Response:
    """Become a member, and go on with what asked for it."""
    join(here.session, here.me, id, here.now)
    return lead_on(here, page_of_ours(next) if next else f"/workshops/{id}", say("已加入工作坊。"))


@router.post("/membership/delete")
def delete(here: Member, id: str) -> Response:
    """Be one no more."""
    leave(here.session, here.me, id)
    return lead_on(here, f"/workshops/{id}", say("已退出工作坊，随时可以再加入。"))


@router.get("/members/{person}/taking-out/new")
def new_taking_out(here: Member, id: str, person: str) -> HTMLResponse:
    """What taking a member out means. Raises NotThere, NotAllowed, WrongState."""
    return page(here, "workshops/taking_out.html", form=Form(TakenOut), **_taken_out(here, id, person))


@router.post("/members/{person}/taking-out")
def take_out(here: Member, id: str, person: str, form: TakenOutForm) -> Response:
    """Take a member out."""
    with form.once(here, "workshops/taking_out.html", **_taken_out(here, id, person)) as done:
        said = {"person": person, "text": form.checked.reason}
        written = write(here.session, here.me, "taking_out", id, said, here.now)
        answer = done(written.address)
        flash(here, answer, HELD if written.held else say("已移出，本人会看到理由。"))
        return answer


@router.post("/invitations")
def create_invitations(here: Member, id: str, form: NamesForm) -> Response:
    """Invite people."""
    with form.once(here, "workshops/members.html", lambda: _members(here, id, 1)) as done:
        invited = invite(here.session, here.me, id, form.checked.names, here.now)
        answer = done(f"/workshops/{id}/members")
        told = say("已邀请 %(n)s 位老师。", n=invited) if invited else say("他们都已是成员，或已经邀请过。")
        flash(here, answer, told)
        return answer


@router.get("/invitations")
def invitations(here: Member, id: str, p: int = 1) -> HTMLResponse:
    """Who is invited and has not answered. Raises NotThere, NotAllowed, WrongState."""
    seen = helped_workshop(here, id)
    found = invitations_of(here.session, id, p)
    return page(here, "workshops/invitations.html", section="/workshops", seen=seen, found=found)


@router.post("/invitations/{person}/delete")
def withdraw(here: Member, id: str, person: str, form: NothingForm) -> Response:
    """Withdraw an invitation."""
    withdraw_invitation(here.session, here.me, id, person)
    return lead_on(here, f"/workshops/{id}/invitations", say("邀请已收回。"))


@router.post("/invitation/delete")
def delete_invitation(here: Member, id: str) -> Response:
    """Decline one's invitation."""
    decline(here.session, here.me, id, here.now)
    return lead_on(here, f"/workshops/{id}", say("已婉拒邀请。"))


@router.get("/members/new")
def new_list(here: Member, id: str) -> HTMLResponse:
    """The form for a list of members. Raises NotThere, NotAllowed, WrongState."""
    return page(here, "workshops/take_in.html", form=Form(Numbers), **_helped(here, id), plan=None, found=[])


@router.post("/members")
def take(listed: ReadAhead, here: Member, id: str, form: NumbersForm) -> Response:
    """Look at a list of members, or take it in as it was looked at."""
    context = _helped(here, id)
    asked = form.typed.pop("do", "")
    form.typed.pop("file", None)
    with form.or_again(here, "workshops/take_in.html", plan=None, found=[], **context):
        if listed.found:
            form.typed["numbers"] = listed.found
        plan = look(here.session, here.me, id, form.checked.numbers)
    if asked != "take" or listed.found:
        return page(here, "workshops/take_in.html", form=form, plan=plan, found=_first(plan), **context)
    with form.once(here, "workshops/take_in.html", plan=plan, found=_first(plan), **context) as done:
        given = form.checked
        came = take_in(here.session, here.me, id, given.numbers, given.shown, here.now)
        answer = done(f"/workshops/{id}/members")
        flash(here, answer, say("已导入 %(n)s 位老师。", n=came))
        return answer


@router.post("/assistants")
def create_assistant(here: Member, id: str, form: SomebodyForm) -> Response:
    """Have a member assist."""
    appoint(here.session, here.me, id, form.checked.person, here.now)
    return lead_on(here, f"/workshops/{id}/members", say("已设为助理。"))


@router.post("/assistants/{person}/delete")
def delete_assistant(here: Member, id: str, person: str, form: NothingForm) -> Response:
    """Have an assistant be a member like others."""
    dismiss(here.session, here.me, id, person, here.now)
    return lead_on(here, f"/workshops/{id}/members", say("已取消助理。"))


def helped_workshop(here: Visit, id: str) -> Seen:
    """A workshop that goes on, which the person hosts or assists in. Raises NotThere, NotAllowed, WrongState."""
    seen = workshop_seen(here.session, id, here.me)
    if not seen.helps:
        raise NotAllowed(say("只有工作坊主和助理可以这样做。"))
    if not seen.open:
        raise WrongState(say("工作坊没有在进行，现在不能这样做。"))
    return seen


def inside(here: Visit, id: str) -> Seen:
    """A workshop that lives, for its members and the staff. Raises NotThere, NotAllowed."""
    seen = workshop_seen(here.session, id, here.me)
    if not seen.inside:
        raise NotAllowed(say("加入工作坊后才能看到。"))
    return seen


def _first(plan: Plan) -> list[Any]:
    return sorted(plan.rows, key=lambda row: (row.wrong is None, row.number))[:SHOWN]


def _helped(here: Visit, id: str) -> dict[str, Any]:
    return {"section": "/workshops", "seen": helped_workshop(here, id), "most": SHOWN}


def _taken_out(here: Visit, id: str, person: str) -> dict[str, Any]:
    seen = helped_workshop(here, id)
    return {"section": "/workshops", "seen": seen, "who": member_listed(here.session, id, person), "assists": ASSISTS}


def _members(here: Visit, id: str, number: int) -> dict[str, Any]:
    seen, assistants = inside(here, id), assistants_of(here.session, id)
    return {
        "section": "/workshops", "seen": seen, "assistants": assistants,
        "found": members_of(here.session, seen.workshop, number, len(assistants)),
        "invited": invited_into(here.session, id) if seen.helps else 0,
    }  # fmt: skip
