"""/resources: lists; what somebody collects and takes along."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from community.collections import collect, uncollect
from community.downloads import count_download
from community.resource_lists import FILTERS, ORDERS, OWN, list_resources
from community.words import say
from web.flash import lead_on
from web.forms import Form, sent
from web.templating import page
from web.visit import Anyone, Member, Router

router = Router("/resources")


class Taken(BaseModel):
    """The file that is taken along."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    number: Annotated[int, Field(ge=1, le=2**31 - 1)]


@router.get("")
def index(
    here: Anyone, order: str = "newest", kind: str = "", stage: str = "", subject: str = "", licence: str = "",
    p: int = 1,
) -> Response:  # fmt: skip
    """A list of resources. What no list is called by is the newest; one's own lists ask for the sign-in."""
    order = order if order in ORDERS else "newest"
    reader = here.me if order in OWN else here.person
    asked = {"kind": kind, "stage": stage, "subject": subject, "licence": licence}
    wanted = {name: value if value in FILTERS[name] else "" for name, value in asked.items()}
    found, needed = list_resources(here.session, reader, order, p, here.now, **wanted)
    return page(
        here, "resources/index.html", section="/resources", found=found, needed=needed, order=order, orders=ORDERS,
        own=OWN, wanted=wanted, narrowed=any(wanted.values()), address=_list_address(order, wanted),
        list_address=_list_address,
    )  # fmt: skip


@router.post("/{id}/collection")
def put_there(here: Member, id: str) -> Response:
    """Into one's collection."""
    collect(here.session, here.me, id, here.now)
    return lead_on(here, f"/resources/{id}", say("已收藏，在“我的收藏”里可以找到。"))


@router.post("/{id}/collection/delete")
def take_out(here: Member, id: str) -> Response:
    """Out of it again."""
    uncollect(here.session, here.me, id)
    return lead_on(here, f"/resources/{id}", say("已取消收藏。"))


@router.post("/{id}/downloads")
def take_along(here: Member, id: str, form: Annotated[Form[Taken], Depends(sent(Taken))]) -> Response:
    """Count whoever takes a file along, and lead to it; what may be seen is looked at there. Raises NotThere."""
    taken = form.checked
    count_download(here.session, here.me, id, here.now)
    return RedirectResponse(f"/resources/{id}/files/{taken.version}/{taken.number}?download=1", 303)


def _list_address(order: str, wanted: dict[str, Any]) -> str:
    """The address of a list, as it is narrowed down."""
    query = {name: value for name, value in {"order": order, **wanted}.items() if value}
    if query["order"] == "newest":
        del query["order"]
    return f"/resources?{urlencode(query)}" if query else "/resources"
