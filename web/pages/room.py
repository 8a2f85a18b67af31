"""/room: what a school uses of its room for files, and who most, for who looks after it; all schools for the bureau."""

from fastapi.responses import HTMLResponse

from community.roles import reach
from community.room import taken_by_school
from community.room_lists import people_by_room, schools_by_room
from community.schools import district_of, school_of
from web.shelves import room_of
from web.templating import page
from web.visit import Member, Router

router = Router("/room")


@router.get("")
def show(here: Member, p: int = 1) -> HTMLResponse:
    """The own school's room, or that of all schools. Raises NotAllowed."""
    room = room_of(here.request.app.state.settings)
    if reach(here.me) == "everybody":
        found = schools_by_room(here.session, here.me, room, p)
        return page(here, "room/index.html", section="/me", found=found, room=room)
    people = people_by_room(here.session, here.me, room)
    school = school_of(here.session, here.me.school)
    return page(
        here, "room/show.html", section="/me", school=school, district=district_of(here.session, school.district),
        taken=taken_by_school(here.session, school.id, room), people=people, room=room,
    )  # fmt: skip
