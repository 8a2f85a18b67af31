"""/mentions: whom an @ may mean."""

from fastapi.responses import JSONResponse

from community.mentions import people_called
from web.visit import Member, Router

router = Router("/mentions")


@router.get("")
def index(here: Member, q: str = "") -> JSONResponse:
    """A few people whose names begin so: what to show, and what to write after the @."""
    return JSONResponse([
        {"name": name, "school": school, "write": f"{name}({school})" if several else name}
        for _, name, school, several in people_called(here.session, q)
    ])  # fmt: skip
