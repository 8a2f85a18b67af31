"""/me: one's own page: profile, address, password."""

from typing import Annotated, Any, Literal

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, BeforeValidator, StringConstraints

from community.access import person_shown
from community.attempts import attempt, count_letter, succeed
from community.joining import ask_for_mail, change_password, take_mail
from community.passwords import LONGEST, SHORTEST, Hashed, Proof, hashed, is_password, password_of
from community.people import MOST_SUBJECTS, Person
from community.profiles import edit_profile, mail_of
from community.refusals import Refusal, WrongInput
from community.room import taken_by
from community.schools import STAGES, SUBJECTS
from community.second_factors import has_second_factor
from community.words import say
from web.ahead import Ahead, Early, ahead
from web.flash import lead_on
from web.forms import Form, Nothing, NothingForm, sent
from web.shelves import room_of
from web.templating import page
from web.visit import Member, Router

router = Router("/me")

Password = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


class Profile(BaseModel):
    """What somebody teaches."""

    stage: Literal[STAGES]  # type: ignore[valid-type]
    subjects: Annotated[list[str], BeforeValidator(lambda one: [one] if isinstance(one, str) else one)] = []


class NewMail(BaseModel):
    """Another address, and the password."""

    mail: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    present: Password


class NoMail(Refusal):
    """The site has no server that sends mail."""


class ChangedPassword(BaseModel):
    """The present password, and the new one twice."""

    present: Password
    password: Annotated[str, StringConstraints(min_length=SHORTEST, max_length=LONGEST)]
    again: Annotated[str, StringConstraints(max_length=LONGEST)] = ""


def prove_password(early: Early, password: str) -> tuple[Person, Proof]:
    """Who is signed in, if this is their password. Tries are counted. Raises WrongInput, TooFast, NotSignedIn."""
    person = early.member()
    with early.database.writing() as session:
        attempt(session, "password", person.id, early.address, early.now)
    with early.database.reading() as session:
        kept = password_of(session, person)
    if not is_password(password, kept) or kept is None:
        raise WrongInput(present=say("密码不对。"))
    with early.database.writing() as session:
        succeed(session, "password", person.id, early.address)
    return person, Proof(person.id, kept)


def hash_changed(early: Early, form: Form[ChangedPassword]) -> tuple[Proof, Hashed]:
    """The proof of the present password and the new one's hash, if the present one is right. Raises WrongInput."""
    given = form.checked
    if given.again != given.password:
        raise WrongInput(again=say("两次填写的密码不一样。"))
    person, proof = prove_password(early, given.present)
    return proof, hashed(given.password, person.staff_number, person.mail)


def prove_for_mail(early: Early, form: Form[NewMail]) -> tuple[Proof, str]:
    """The proof and the new address, if the password is right. Raises WrongInput."""
    given = form.checked
    mail = mail_of(given.mail)
    person, proof = prove_password(early, given.present)
    with early.database.writing() as session:
        count_letter(session, person.id, early.address, early.now)
    return proof, mail


password_form, mail_form = sent(ChangedPassword), sent(NewMail)
ProfileForm = Annotated[Form[Profile], Depends(sent(Profile))]
PasswordForm = Annotated[Form[ChangedPassword], Depends(password_form)]
MailForm = Annotated[Form[NewMail], Depends(mail_form)]
HashedAhead = Annotated[Ahead[tuple[Proof, Hashed]], Depends(ahead(password_form, hash_changed))]
ProvenMail = Annotated[Ahead[tuple[Proof, str]], Depends(ahead(mail_form, prove_for_mail))]


@router.get("")
def show(here: Member) -> HTMLResponse:
    """One's own page, and where everything else about oneself is."""
    known, totp = person_shown(here.session, here.me.id), has_second_factor(here.session, here.me.id)
    taken = taken_by(here.session, here.me, room_of(here.request.app.state.settings))
    return page(here, "me/show.html", section="/me", known=known, totp=totp, taken=taken)


@router.get("/profile")
def edit(here: Member) -> HTMLResponse:
    """The form for what is shown of oneself."""
    typed = {"stage": here.me.stage, "subjects": here.me.all_subjects}
    return page(here, "me/profile.html", **_choices(), form=Form(Profile, typed))


@router.post("/profile")
def update(here: Member, form: ProfileForm) -> Response:
    """Change what is shown of oneself."""
    with form.or_again(here, "me/profile.html", **_choices()):
        edit_profile(here.session, here.me, **form.checked.model_dump())
        return lead_on(here, "/me", say("资料已保存。"))


@router.get("/password")
def ask_password(here: Member) -> HTMLResponse:
    """The form for another password."""
    return page(here, "me/password.html", section="/me", form=Form(ChangedPassword))


@router.post("/password")
def change(ready: HashedAhead, here: Member, form: PasswordForm) -> Response:
    """Change the password; all other sign-ins end."""
    with form.or_again(here, "me/password.html", section="/me"):
        assert here.sign_in is not None
        change_password(here.session, *ready.found, here.sign_in.id, here.now)
        return lead_on(here, "/me", say("密码已更改，其他设备上的登录都已退出。"))


@router.get("/mail")
def ask_mail(here: Member) -> HTMLResponse:
    """The form for another address."""
    return page(here, "me/mail.html", section="/me", form=Form(NewMail, {"mail": here.me.mail or ""}))


@router.post("/mail")
def change_mail(ready: ProvenMail, here: Member, form: MailForm) -> Response:
    """Mail a link to the new address; it is taken when the link is followed. Raises NoMail."""
    settings = here.request.app.state.settings
    if not settings.sends_mail:
        raise NoMail(say("本站还没有开通邮件，现在不能更改邮箱。"))
    with form.or_again(here, "me/mail.html", section="/me"):
        ask_for_mail(here.session, *ready.found, settings.site_url.rstrip("/"), here.now)
        return lead_on(here, "/me", say("确认信已寄往新邮箱，请在 1 小时内打开信中的链接。"))


@router.get("/mail/{secret}")
def ask_to_confirm(here: Member, secret: str) -> HTMLResponse:
    """The button that confirms the address: opening a link changes nothing."""
    return page(here, "me/mail_confirm.html", section="/me", form=Form(Nothing), secret=secret)


@router.post("/mail/{secret}")
def confirm_mail(here: Member, secret: str, form: NothingForm) -> Response:
    """The address is one's own from now on."""
    with form.or_again(here, "me/mail_confirm.html", section="/me", secret=secret):
        take_mail(here.session, here.me, secret, here.now)
        return lead_on(here, "/me", say("邮箱已更改。"))


def _choices() -> dict[str, Any]:
    return {"section": "/me", "stages": STAGES, "subjects": SUBJECTS, "most": MOST_SUBJECTS}
