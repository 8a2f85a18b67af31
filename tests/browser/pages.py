"""Every page of the site: a new page is one more line here. Looked at by test_pages.py, pictured by screenshots.py."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.browser.served import Served
from tests.browser.windows import Window
from tests.site import PASSWORD
from tests.town import BUREAU, ELSEWHERE, MODERATOR, OTHER, OWNER, SCHOOL, SILENCED

GUEST = ""
ROSTER = str(Path(__file__).parent / "roster.csv")


class Page(NamedTuple):
    """A page: its name, its address with {ids} of the town, and who sees it on a site of which state.

    With `typed`, which may hold {ids} too, the form of the page (`form` says which) is filled in and sent, and what is
    answered then is the page; `leads` is the route that it then has, `template` what it is made of if no other page is.
    """

    name: str
    address: str
    who: str = GUEST
    status: int = 200
    typed: Mapping[str, str] | None = None
    form: str = "main form"
    state: str = "town"
    leads: str = ""
    template: str = ""

    def show(self, window: Window, site: Served) -> None:
        """Have it in the window."""
        window.open(site.town.address(self.address), self.status if self.typed is None else 200)
        if self.typed is not None:
            typed = {name: site.town.address(value) for name, value in self.typed.items()}
            window.submit(typed, self.form, self.status)


PAGES = [
    Page("home", "/", OWNER),
    Page("home-guest", "/"),
    Page("home-young", "/", OTHER, state="young"),
    Page("home-moderator", "/", MODERATOR),
    Page("home-bureau", "/", BUREAU),
    Page("topics", "/topics", OWNER),
    Page("topics-none", "/topics", OTHER, state="young"),
    Page("topics-mine", "/topics?order=mine", OWNER),
    Page("topic", "/topics/{lively}", OWNER),
    Page("topic-nearly", "/topics/{nearly}", OTHER),
    Page("topic-long-title", "/topics/{long}", OTHER),
    Page("topic-guest", "/topics/{growing}"),
    Page("topic-silenced", "/topics/{growing}", SILENCED),
    Page("topic-reply-wrong", "/topics/{growing}", OTHER, 422, {"text": ""}, "#reply"),
    Page("topic-new", "/topics/new", OWNER),
    Page("topic-new-silenced", "/topics/new", SILENCED),
    Page("topic-new-wrong", "/topics/new", OWNER, 422, {"title": "一"}, "form[action='/topics']"),
    Page("resources", "/resources", OWNER),
    Page("resources-guest", "/resources"),
    Page("resources-none", "/resources", OTHER, state="young"),
    Page("resources-best", "/resources?order=best", OWNER),
    Page("resources-used", "/resources?order=used&kind=video", OWNER),
    Page("resources-narrowed-to-nothing", "/resources?kind=paper&stage=高中", OWNER),
    Page("resources-collected", "/resources?order=collected", OWNER),
    Page("resources-collected-none", "/resources?order=collected", MODERATOR),
    Page("resources-mine", "/resources?order=mine", OTHER),
    Page("resources-mine-none", "/resources?order=mine", MODERATOR),
    Page("resources-no-more", "/resources?p=9", OWNER),
    Page("resource", "/resources/{lesson}", OTHER),
    Page("resource-own", "/resources/{lesson}", OWNER),
    Page("resource-guest", "/resources/{lesson}"),
    Page("resource-moderator", "/resources/{lesson}", MODERATOR),
    Page("resource-former", "/resources/{lesson}?version=1", OTHER),
    Page("resource-withdrawn", "/resources/{slip_of_pen}", OTHER),
    Page("resource-silenced", "/resources/{lesson}", SILENCED),
    Page("resource-new", "/resources/new", OWNER),
    Page("resource-new-silenced", "/resources/new", SILENCED),
    Page("resource-new-wrong", "/resources/new", OTHER, 422, {"title": "一"}, "form[action='/resources#look']"),
    Page("resource-new-looked", "/resources/new", OWNER, 200, {
        "title": "有理数的照片", "text": "板书", "kind": "picture", "stage": "初中", "subject": "数学", "licence": "by",
    }, "form[action='/resources#look']"),
    Page("resource-edit", "/resources/{lesson}/edit", OWNER),
    Page("resource-version-new", "/resources/{lesson}/versions/new", OWNER),
    Page("resource-versions", "/resources/{lesson}/versions", OTHER),
    Page("resource-withdrawal", "/resources/{lesson}/withdrawal/new", OWNER),
    Page("activity", "/activities/{activity}", OWNER),
    Page("activity-member", "/activities/{activity}", OTHER),
    Page("activity-over", "/activities/{over}", OTHER),
    Page("activity-undated", "/activities/{undated}", OWNER),
    Page("activity-discussion", "/activities/{discussion}", OTHER),
    Page("activity-discussion-guest", "/activities/{discussion}"),
    Page("activity-survey", "/activities/{survey}", OTHER),
    Page("activity-survey-wrong", "/activities/{survey}", OTHER, 422, {"q3": "导读单"}, "#survey form"),
    Page("activity-new", "/workshops/{held_in}/activities/new", OWNER),
    Page("activity-new-wrong", "/workshops/{held_in}/activities/new", OWNER, 422, {"title": "一"}, ".writing form"),
    Page("activity-edit", "/activities/{activity}/edit", OWNER),
    Page("activity-versions", "/activities/{activity}/versions", OTHER),
    Page("activity-copies", "/workshops/{held_in}/copies/new", OWNER),
    Page("activity-code", "/activities/{activity}/code", OWNER),
    Page("activity-sign-in", "/activities/{activity}/sign-in?code=123456", OTHER),
    Page("activity-sign-in-wrong", "/activities/{activity}/sign-in", OTHER, 422, {"code": "000000"}),
    Page("activity-attendance", "/activities/{activity}/attendance", OWNER),
    Page("activity-correction", "/activities/{over}/attendance/{came}/correction/new", OWNER),
    Page("activity-questions", "/activities/{later}/questions", OWNER),
    Page("activity-question", "/activities/{later}/questions/2/edit", OWNER),
    Page("activity-results", "/activities/{survey}/results", OWNER),
    Page("activity-post-edit", "/activities/{discussion}/posts/{spoken}/edit", OWNER),
    Page("activity-post-versions", "/activities/{discussion}/posts/{spoken}/versions", OTHER),
    Page("activity-post-withdrawal", "/activities/{discussion}/posts/{spoken}/withdrawal/new", OWNER),
    Page("activity-withdrawal", "/activities/{over}/withdrawal/new", OWNER),
    Page("workshop-withdrawal", "/workshops/{held_in}/withdrawal/new", OWNER),
    Page("submission-withdrawal", "/submissions/{submission}/withdrawal/new", OTHER),
    Page("submissions", "/activities/{homework}/submissions", OTHER),
    Page("submissions-to-read", "/workshops/{read_in}/submissions?order=to_read", OWNER),
    Page("submissions-recommended", "/workshops/{read_in}/submissions?order=recommended", SCHOOL),
    Page("submissions-returned-none", "/activities/{homework}/submissions?order=returned", OWNER),
    Page("submission-new", "/activities/{homework}/submissions/new", OWNER),
    Page("submission-new-wrong", "/activities/{homework}/submissions/new", OWNER, 422, {"title": "总结"},
         "form[action$='/submissions']"),
    Page("submission", "/submissions/{submission}", OTHER),
    Page("submission-to-read", "/submissions/{to_read}", OWNER),
    Page("submission-former", "/submissions/{submission}?version=1", OWNER),
    Page("submission-recommended", "/submissions/{recommended}", SCHOOL),
    Page("submission-returned-wordless", "/submissions/{to_read}", OWNER, 422, {"verdict": "returned"},
         "form[action*='/verdicts']"),
    Page("submission-again", "/submissions/{submission}/versions/new", OTHER),
    Page("recommendation", "/submissions/{to_read}/recommendation/new", OWNER),
    Page("recommendation-done", "/submissions/{recommended}/recommendation/new", OWNER),
    Page("points", "/points", OWNER),
    Page("points-none", "/points", OTHER, state="young"),
    Page("points-year", "/points/{year}?kind=earned", OWNER),
    Page("points-last-year", "/points/{last_year}", OWNER),
    Page("redemption", "/points/redemptions/new", OWNER),
    Page("redemption-asked", "/points/redemptions/new?category=professional&hours=2", OWNER),
    Page("redemption-without-points", "/points/redemptions/new", OTHER, state="young"),
    Page("receipt", "/points/receipts/{receipt}", OWNER),
    Page("certificate", "/points/{year}/certificate", OWNER),
    Page("verify-receipt", "/verify/{proof}"),
    Page("verify-certificate", "/verify/{certified}"),
    Page("verify-nothing", "/verify/nothing", GUEST, 404),
    Page("rules", "/rules"),
    Page("notices", "/notices", OWNER),
    Page("notices-none", "/notices", OTHER, state="young"),
    Page("notices-settings", "/notices/settings", OWNER),
    Page("people-new", "/people/new", BUREAU),
    Page("people-new-school", "/people/new", SCHOOL),
    Page("people-welcomed", "/people/new", SCHOOL, 200, {
        "name": "许国栋", "staff_number": "T-9", "stage": "小学", "subject": "科学",
    }, template="people/invited.html"),
    Page("people", "/people", BUREAU),
    Page("person", "/people/{owner}", SCHOOL),
    Page("person-slip", "/people/{other}", SCHOOL, 200, {}, "form[action$='/slip']",
         template="people/slip.html"),
    Page("room-of-school", "/room", SCHOOL, template="room/show.html"),
    Page("room-of-schools", "/room", BUREAU),
    Page("roster-new", "/people/rosters/new", SCHOOL),
    Page("roster", "/people/rosters/new", SCHOOL, 200, {"file": ROSTER}, leads="/people/rosters/{id}",
         template="rosters/show.html"),
    Page("me", "/me", OWNER),
    Page("me-profile", "/me/profile", OWNER),
    Page("me-mail", "/me/mail", OWNER),
    Page("me-mail-confirm", "/me/mail/{proof_of_mail}", OWNER),
    Page("me-password", "/me/password", OWNER),
    Page("me-sign-ins", "/me/sign-ins", OWNER),
    Page("me-totp", "/me/totp", OWNER),
    Page("me-totp-on", "/me/totp", ELSEWHERE),
    Page("me-recovery-codes", "/me/totp", ELSEWHERE, 200, {"code": "{recovery}"}, "form[action$='/recovery-codes']",
         template="me/recovery_codes.html"),
    Page("me-data", "/me/data", OWNER),
    Page("me-closing", "/me/closing", OWNER),
    Page("me-decisions", "/me/decisions", OTHER),
    Page("me-held", "/me/held", OWNER),
    Page("me-held-one", "/me/held/{held}", OWNER),
    Page("topic-edit", "/topics/{lively}/edit", OWNER),
    Page("topic-versions", "/topics/{lively}/versions", OTHER),
    Page("topic-withdrawal", "/topics/{lively}/withdrawal/new", OWNER),
    Page("topic-withdrawn", "/topics/{withdrawn}", OWNER),
    Page("topic-removed", "/topics/{removed}", MODERATOR),
    Page("reply-edit", "/topics/{lively}/replies/{own}/edit", OWNER),
    Page("reply-versions", "/topics/{lively}/replies/{own}/versions", OTHER),
    Page("reply-withdrawal", "/topics/{lively}/replies/{own}/withdrawal/new", OWNER),
    Page("search", "/search?q=作业", OWNER),
    Page("search-nothing", "/search?q=没有这样的词", OWNER),
    Page("reports", "/reports", OTHER),
    Page("report-new", "/reports/new?subject={quiet}", OTHER),
    Page("appeals", "/appeals", OWNER),
    Page("appeal-new", "/appeals/new?entry={entry}", OWNER),
    Page("appeal", "/appeals/{appeal}", OWNER),
    Page("desk", "/moderation", MODERATOR),
    Page("desk-report", "/moderation/reports/{subject}", MODERATOR),
    Page("desk-reviews", "/moderation/reviews", MODERATOR),
    Page("desk-review", "/moderation/reviews/{held}", MODERATOR),
    Page("desk-doubles", "/moderation/doubles", MODERATOR),
    Page("desk-double", "/moderation/doubles/{newer}/{older}", MODERATOR),
    Page("desk-double-decided", "/moderation/doubles/{newest}/{older}", BUREAU),
    Page("desk-report-of-resource", "/moderation/reports/{newer}", MODERATOR),
    Page("desk-removal-of-comment", "/moderation/removals/new?subject={newer}.1", MODERATOR),
    Page("report-new-of-resource", "/reports/new?subject={newer}", OTHER),
    Page("desk-appeals", "/moderation/appeals", MODERATOR),
    Page("desk-appeal", "/moderation/appeals/{appeal}", MODERATOR),
    Page("desk-featurings", "/moderation/featurings", MODERATOR),
    Page("desk-featuring-new", "/moderation/featurings/new?workshop={held_in}", MODERATOR),
    Page("desk-featuring-again", "/moderation/featurings/new?workshop={formerly}", BUREAU),
    Page("desk-featuring", "/moderation/featurings/{featured}", MODERATOR),
    Page("desk-removal-of-workshop", "/moderation/removals/new?subject={held_in}", MODERATOR),
    Page("desk-report-of-submission", "/moderation/reports/{submission}", MODERATOR),
    Page("desk-log", "/moderation/log", MODERATOR),
    Page("desk-people", "/moderation/people", MODERATOR),
    Page("desk-people-found", "/moderation/people?name=小", MODERATOR),
    Page("desk-person", "/moderation/people/{silenced}", MODERATOR),
    Page("desk-removal", "/moderation/removals/new?subject={lively}", MODERATOR),
    Page("desk-restoration", "/moderation/restorations/new?subject={removed}", MODERATOR),
    Page("desk-revocation", "/moderation/revocations/new?thing={lively}", BUREAU),
    Page("desk-revocation-of-rule", "/moderation/revocations/new?thing={lively}&rule=topic_discussed", BUREAU),
    Page("desk-cancellation", "/moderation/cancellations/new?redemption={redemption}", BUREAU),
    Page("desk-words", "/moderation/words", BUREAU),
    Page("password-slip", "/password"),
    Page("password-new", "/password/{slip}"),
    Page("sign-in-code", "/sign-in", GUEST, 200, {"name": f"no-{ELSEWHERE}", "password": PASSWORD},
         leads="/sign-in/code", template="sign_in_code.html"),
    Page("sign-in-reset", "/sign-in/reset"),
    Page("sign-in-reset-sent", "/sign-in/reset", GUEST, 200, {"name": f"no-{OTHER}"},
         template="sign_in_reset_sent.html"),
    Page("sign-in", "/sign-in"),
    Page("sign-in-demo", "/sign-in", state="demo"),
    Page("sign-in-wrong", "/sign-in", GUEST, 422, {"name": "no-such", "password": "not this one"}),
    Page("home-fresh", "/", state="fresh"),
    Page("home-begun", "/", BUREAU, state="young"),
    Page("sign-in-fresh", "/sign-in", state="fresh"),
    Page("set-up", "/set-up?code={code}", state="fresh"),
    Page("not-found", "/topics/none", OWNER, 404),
    Page("not-found-at-all", "/no/such/page", OWNER, 404),
    Page("not-allowed", "/people/new", OTHER, 403),
]  # fmt: skip

NO_PAGES = {
    "/activities/{id}/posts/{number}",
    "/files/{id}", "/me/data/download", "/mentions", "/people/rosters/template", "/points/{year}.csv",
    "/points/{year}.xlsx", "/sign-in/outside", "/sign-in/outside/return", "/static/{name}",
    "/topics/{id}/quotes/{number}", "/topics/{id}/replies/{number}", "/resources/{id}/cover",
    "/resources/{id}/files/{version}/{number}", "/resources/{id}/files/{version}/{number}/pages/{page}",
}  # fmt: skip
"""Addresses of GET that answer a file, or lead on."""
