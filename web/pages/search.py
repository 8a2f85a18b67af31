"""/search: everything that can be found by words."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from community.bigrams import LONGEST
from community.findables import FINDABLE_KINDS
from community.people import people_by_id
from community.schools import STAGES, SUBJECTS, districts
from community.search import find
from community.words import say
from web.templating import page
from web.visit import Anyone, Router

router = Router("/search")


class Asked(BaseModel):
    """What somebody looks for, and where. Whatever else is in the address is nobody's business."""

    q: str = ""
    kind: str = ""
    stage: str = ""
    subject: str = ""
    district: str = ""
    p: int = 1

    def address(self, **other: str) -> str:
        """This search, with something changed, from its first page."""
        asked = {**self.model_dump(exclude={"p"}), **other}
        return "/search?" + urlencode({name: value for name, value in asked.items() if value})


@router.get("")
def show(here: Anyone, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """Hits, by kind."""
    narrowed = {"stage": asked.stage, "subject": asked.subject, "district": asked.district}
    found = find(here.session, here.person, asked.q, asked.p, kind=asked.kind, **narrowed)
    return page(
        here, "search/show.html", section="", asked=asked, found=found, kinds=FINDABLE_KINDS, longest=LONGEST,
        people=people_by_id(here.session, {hit.person for hit in found.hits}), narrowed=any(narrowed.values()),
        stages=[(stage, say(stage)) for stage in STAGES], subjects=[(subject, say(subject)) for subject in SUBJECTS],
        districts=[(district.id, district.name) for district in districts(here.session)],
    )  # fmt: skip
