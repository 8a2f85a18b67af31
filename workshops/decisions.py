"""What staff decides about a workshop: who may, what the log keeps of it, what its host is told."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from community.notices import tell
from community.people import Person, people_by_id
from community.staff import demand_district, demand_over_author
from community.staff_log import note
from community.words import Sentence
from workshops.workshops import Held, hold_standing_workshop


def hold_to_decide(session: Session, staff: Person, workshop: str) -> Held:
    """The workshop, held, which the staff may decide about. Raises NotThere, NotAllowed."""
    held = hold_standing_workshop(session, workshop)
    demand_district(staff, held.district)
    demand_over_author(staff, people_by_id(session, [held.host])[held.host])
    return held


def note_decision(
    session: Session, staff: Person, action: str, held: Held, reason: str, now: datetime, facts: Sequence[str] = ()
) -> None:  # fmt: skip
    """Write into the log what was decided, and the ledger's facts (ids) that came of it."""
    note(
        session, staff, action, now, reason=reason, subject=held.id, title=held.title, person=held.host,
        district=held.district, facts=facts,
    )  # fmt: skip


def tell_decision(
    session: Session, staff: Person, held: Held, decision: Sentence, reason: str, now: datetime
) -> None:  # fmt: skip
    """Tell the host what was decided, and why."""
    tell(
        session, "decision", [held.host], now, by=staff.id, address=f"/workshops/{held.id}", title=held.title,
        decision=decision, reason=reason,
    )  # fmt: skip
