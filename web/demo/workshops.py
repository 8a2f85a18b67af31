"""The workshops of the demo, in every state, as workshops/*.toml has them: who came, what was handed in and read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlmodel import Session, col, select

from community.people import Person
from web.demo.acts import Act
from web.demo.arrivals import Arrivals
from web.demo.days import Days
from web.demo.making import made
from web.demo.workshop_plans import Activity, Struck, Work, Workshop, held_in
from workshops.activities import Activity as ActivityRow
from workshops.announcements import announce
from workshops.assistants import appoint
from workshops.attendance import strike_out
from workshops.closing import close
from workshops.creating import create_activity
from workshops.featuring import candidate, feature
from workshops.founding import apply, approval, approve, give_back
from workshops.handing_in import hand_in
from workshops.invitations import invite
from workshops.members import join
from workshops.phases import move_by_hand
from workshops.posting import post
from workshops.sign_in_codes import code_at
from workshops.signing_in import sign_in
from workshops.survey_answers import answer
from workshops.survey_questions import set_question
from workshops.verdicts import judge_submission, recommend
from workshops.workshop_covers import choose_cover
from workshops.workshops import Workshop as WorkshopRow

DECIDES: Final = "sz9001"
"""Who approves, returns and features."""
SOON: Final = 0.004
"""How long, as a share of the year, an activity takes; who comes does so one after the other."""
STEP: Final = SOON / 20
WAITS: Final = 0.01
"""How long an application waits, as a share of the year."""
LASTS: Final = timedelta(hours=2)
AHEAD: Final = timedelta(days=3, hours=5)
"""When an activity that is planned begins, after the last thing that happens."""
APPROVED: Final = "计划具体，每次活动都有产出，同意创立。"


def acts_of_workshops(file: str, people: Mapping[str, Person], days: Days, arrivals: Arrivals) -> Iterator[Act]:
    """Everything; acts of one moment in their order."""
    for workshop in held_in(file):
        yield from Course(workshop, people, days, arrivals).acts()


class Course:
    """What happens in a workshop. Things are called by their keys until each is made."""

    def __init__(self, workshop: Workshop, people: Mapping[str, Person], days: Days, arrivals: Arrivals) -> None:
        self.workshop, self.people, self.days, self.arrivals = workshop, people, days, arrivals
        self.host, self.staff = people[workshop.by], people[DECIDES]
        self.ids: dict[str, str] = {}
        self.members = {workshop.by}
        self.works = iter(workshop.works)

    def acts(self) -> Iterator[Act]:
        """From the application on."""
        one = self.workshop
        yield self._act(one.applied or (one.at or 0) - WAITS, self._apply)
        if one.returned is not None:
            yield self._act(one.returned, self._give_back)
        if one.at is None:
            return
        yield self._act(one.at, self._approve)
        if one.cover:
            yield self._act(one.at, self._cover)
        for activity in sorted(one.activity, key=lambda activity: activity.at):
            yield from self._activity(activity)
        for told in one.announcement:
            yield self._act(told.at, partial(self._announce, told.text))
        if one.assistants:
            yield self._act(one.activity[0].at + 2 * SOON, self._appoint)
        if one.invited:
            yield self._act(one.at, self._invite)
        if one.featured is not None:
            yield self._act(one.featured, self._feature)
        if one.closed is not None:
            yield self._act(one.closed, self._close)

    def _activity(self, one: Activity) -> Iterator[Act]:
        yield self._act(one.at, partial(self._create, one))
        if one.planned:
            return
        begun = one.at + SOON
        yield self._act(begun - STEP / 2, partial(self._move, one, "open"))
        for number, who in enumerate(one.who):
            at = begun + STEP * number
            if who not in self.members:
                self.members.add(who)
                yield self._act(at, partial(self._join, who))
            yield self._act(at, partial(self._take_part, one, who, number))
        for number, who in enumerate(one.who[: one.submitted]):
            yield self._act(begun + SOON + STEP * number, partial(self._hand_in, one, who, next(self.works)))
        for number, (who, why) in enumerate(zip(one.recommended, one.why, strict=True)):
            yield self._act(begun + 2 * SOON + STEP * number, partial(self._recommend, one, who, why))
        read = [who for who in one.who[: max(0, one.submitted - one.unread)] if who not in one.recommended]
        for number, who in enumerate(read):
            yield self._act(begun + 2.5 * SOON + STEP * number, partial(self._read, one, who))
        for slip in one.struck:
            yield self._act(slip.at, partial(self._strike_out, one, slip))
        if one.summary:
            summary = Work(str(f"活动总结：{one.title}")[:100], one.summary)
            yield self._act(begun + 3 * SOON, partial(self._hand_in, one, self.workshop.by, summary))
        if not one.open:
            yield self._act(begun + 3.5 * SOON, partial(self._move, one, "closed"))

    def _act(self, place: float, do: Callable[[Session, datetime], object]) -> Act:
        return Act(self.days.moment(place * self.days.hours), do)

    def _apply(self, session: Session, now: datetime) -> None:
        one = self.workshop
        self.ids[one.key] = apply(
            session, self.host, now, title=one.title, text=one.text.strip(), stage=one.stage, subject=one.subject
        ).id

    def _give_back(self, session: Session, now: datetime) -> None:
        give_back(session, self.staff, self._id, self.workshop.why_returned, now)

    def _approve(self, session: Session, now: datetime) -> None:
        row = session.exec(select(WorkshopRow).where(col(WorkshopRow.id) == self._id)).one()
        shown = approval(session, self.staff, row, now).digest
        approve(session, self.staff, self._id, APPROVED, shown, now)

    def _cover(self, session: Session, now: datetime) -> None:
        picture = self.arrivals.bring_picture(session, self.host, made("cover.png", drawn=self.workshop.cover), now)
        choose_cover(session, self.host, self._id, picture)

    def _feature(self, session: Session, now: datetime) -> None:
        shown = candidate(session, self.staff, self._id, now).forecast.digest
        feature(session, self.staff, self._id, self.workshop.why_featured, shown, now)

    def _close(self, session: Session, now: datetime) -> None:
        close(session, self.host, self._id, self.workshop.why_closed, now)

    def _announce(self, text: str, session: Session, now: datetime) -> None:
        announce(session, self.host, self._id, text, now)

    def _appoint(self, session: Session, now: datetime) -> None:
        for who in self.workshop.assistants:
            appoint(session, self.host, self._id, self.people[who].id, now)

    def _invite(self, session: Session, now: datetime) -> None:
        invite(session, self.host, self._id, self.workshop.invited, now)

    def _create(self, one: Activity, session: Session, now: datetime) -> None:
        opens_at = self.days.moment(self.days.hours) + AHEAD if one.planned else None
        self.ids[one.key], _ = create_activity(
            session, self.host, self._id, now, kind=one.kind, title=one.title, text=one.text, where=one.where,
            opens_at=opens_at, closes_at=opens_at + LASTS if opens_at else None,
        )  # fmt: skip
        for asked in one.questions:
            set_question(
                session, self.host, self.ids[one.key], now, kind=asked.kind, text=asked.text, choices=asked.choices
            )

    def _move(self, one: Activity, phase: str, session: Session, now: datetime) -> None:
        move_by_hand(session, self.host, self.ids[one.key], phase, now)

    def _join(self, who: str, session: Session, now: datetime) -> None:
        join(session, self.people[who], self._id, now)

    def _take_part(self, one: Activity, who: str, number: int, session: Session, now: datetime) -> None:
        """By a post or by answers, where there are any; else by the code that is shown."""
        id, person = self.ids[one.key], self.people[who]
        said = next((said.text for said in one.posts if said.by == who), None)
        if said is not None:
            post(session, person, id, said, now)
        elif one.questions:
            answer(session, person, id, *self._answers(one, number), now)
        else:
            secret = session.exec(select(ActivityRow.secret).where(col(ActivityRow.id) == id)).one()
            sign_in(session, person, id, code_at(secret, now), now)

    def _answers(self, one: Activity, number: int) -> tuple[dict[str, Sequence[int]], str]:
        """What the one of this number answers: something else than the one before."""
        chosen: dict[str, Sequence[int]] = {}
        words = ""
        for place, asked in enumerate(one.questions, 1):
            if asked.kind == "text":
                words = f"{place}：{one.answers[number % len(one.answers)]}"
            else:
                chosen[str(place)] = [number % len(asked.choices) + 1]
        return chosen, words

    def _hand_in(self, one: Activity, who: str, work: Work, session: Session, now: datetime) -> None:
        id, _ = hand_in(
            session, self.people[who], self.ids[one.key], now, title=work.title, text=work.text, parts=[]
        )  # fmt: skip
        self.ids[f"{one.key} {who}"] = id

    def _recommend(self, one: Activity, who: str, why: str, session: Session, now: datetime) -> None:
        recommend(session, self.host, self.ids[f"{one.key} {who}"], why, 1, now)

    def _read(self, one: Activity, who: str, session: Session, now: datetime) -> None:
        returned = one.returned.get(who)
        verdict, comment = ("returned", returned) if returned else ("accepted", "认真看过，通过。")
        judge_submission(session, self.host, self.ids[f"{one.key} {who}"], verdict, comment, 1, now)

    def _strike_out(self, one: Activity, slip: Struck, session: Session, now: datetime) -> None:
        strike_out(session, self.host, self.ids[one.key], self.people[slip.who].id, slip.reason, now)

    @property
    def _id(self) -> Any:
        return self.ids[self.workshop.key]
