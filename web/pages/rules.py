"""/rules: every rule with its clause, figures, examples and readings, for anybody; all of it from the rulebook."""

from fastapi.responses import HTMLResponse

from points.policy import CATEGORY_NAMES, EARNERS, PARTS
from points.versions import rulebooks_of
from web.examples import examples_of, threshold_of
from web.templating import page
from web.visit import Anyone, Router

router = Router("/rules")


@router.get("")
def show(here: Anyone) -> HTMLResponse:
    """The rules in force now; caps are those of the year."""
    rulebooks = rulebooks_of(here.session)
    rulebook = rulebooks.at(here.now)
    return page(
        here, "rules/show.html", section="/rules", rulebook=rulebook, earners=EARNERS, parts=PARTS,
        categories=CATEGORY_NAMES, examples_of=examples_of, threshold_of=threshold_of,
    )  # fmt: skip
