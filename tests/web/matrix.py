"""Who may do what: a line for every route, a column for everybody of the town.

`in` is the way to sign in (beside what was written, if anything), `done` a redirect elsewhere, a number that status.
What stands in the place of an address's {parts} is said in IDS, what a POST sends in SENT. Whoever is refused leaves no
trace: that is looked at in every cell.
"""

from pathlib import Path

from tests.town import picture

ROSTER = (Path(__file__).parents[1] / "browser" / "roster.csv").read_bytes()

MATRIX = """
guest OWNER OTHER SILENCED MODERATOR AWAY SCHOOL ELSEWHERE BUREAU
GET  /                                                          200  200  200  200  200  200  200  200  200
GET  /activities/{id}                                           200  200  200  200  200  200  200  200  200
POST /activities/{id}                                            in done  403  403  403  403  403  403  403
POST /activities/{id}/answers                                    in done done  403  403  403  403  403  403
GET  /activities/{id}/attendance                                 in  200  200  200  200  403  403  403  200
POST /activities/{id}/attendance                                 in done  403  403  403  403  403  403  403
POST /activities/{id}/attendance/{person}/correction             in done  403  403  403  403  403  403  403
GET  /activities/{id}/attendance/{person}/correction/new         in  200  403  403  403  403  403  403  403
POST /activities/{id}/closure                                    in done  403  403  403  403  403  403  403
GET  /activities/{id}/code                                       in  200  403  403  403  403  403  403  403
GET  /activities/{id}/edit                                       in  200  403  403  403  403  403  403  403
POST /activities/{id}/opening                                    in done  403  403  403  403  403  403  403
POST /activities/{id}/posts                                      in done done  403  403  403  403  403  403
GET  /activities/{id}/posts/{number}                             in done done done done done done done done
POST /activities/{id}/posts/{number}                             in done  403  403  403  403  403  403  403
GET  /activities/{id}/posts/{number}/edit                        in  200  403  403  403  403  403  403  403
GET  /activities/{id}/posts/{number}/versions                    in  200  200  200  200  200  200  200  200
POST /activities/{id}/posts/{number}/withdrawal                  in done  403  403  403  403  403  403  403
POST /activities/{id}/posts/{number}/withdrawal/delete           in  409  409  409  409  409  409  409  409
GET  /activities/{id}/posts/{number}/withdrawal/new              in  200  403  403  403  403  403  403  403
GET  /activities/{id}/questions                                  in  200  403  403  403  403  403  403  403
POST /activities/{id}/questions                                  in done  403  403  403  403  403  403  403
POST /activities/{id}/questions/{number}                         in done  403  403  403  403  403  403  403
POST /activities/{id}/questions/{number}/delete                  in done  403  403  403  403  403  403  403
GET  /activities/{id}/questions/{number}/edit                    in  200  403  403  403  403  403  403  403
GET  /activities/{id}/results                                    in  200  403  403  200  403  403  403  200
GET  /activities/{id}/sign-in                                    in  200  200  200  200  200  200  200  200
POST /activities/{id}/sign-in                                    in  422  422  422  403  403  403  403  403
POST /activities/{id}/withdrawal                                 in  409  403  403  403  403  403  403  403
POST /activities/{id}/withdrawal/delete                          in  409  409  409  409  409  409  409  409
GET  /activities/{id}/withdrawal/new                             in  200  403  403  403  403  403  403  403
GET  /activities/{id}/versions                                  200  200  200  200  200  200  200  200  200
GET  /appeals                                                    in  200  200  200  200  200  200  200  200
POST /appeals                                                    in done  404  404  404  404  404  404  404
GET  /appeals/new                                                in  200  404  404  404  404  404  404  404
GET  /appeals/{id}                                               in  200  404  404  404  404  404  404  404
GET  /calendars/{secret}.ics                                   200  200  200  200  200  200  200  200  200
POST /drafts                                                     in done done done done done done done done
POST /drafts/delete                                              in done done done done done done done done
POST /files                                                      in  201  201  201  201  201  201  201  201
GET  /files/{id}                                                200  200  200  200  200  200  200  200  200
HEAD /files/{id}                                                200  200  200  200  200  200  200  200  200
POST /language                                                 done done done done done done done done done
GET  /me                                                         in  200  200  200  200  200  200  200  200
GET  /me/calendar                                               in  200  200  200  200  200  200  200  200
POST /me/calendar/key                                           in done done done done done done done done
GET  /me/closing                                                 in  200  200  200  200  200  200  200  200
POST /me/closing                                                 in done done done done done done done  422
GET  /me/data                                                    in  200  200  200  200  200  200  200  200
GET  /me/data/download                                           in  200  200  200  200  200  200  200  200
GET  /me/decisions                                               in  200  200  200  200  200  200  200  200
GET  /me/held                                                    in  200  200  200  200  200  200  200  200
GET  /me/held/{id}                                               in  200  404  404  404  404  404  404  404
POST /me/held/{id}                                               in done  404  404  404  404  404  404  404
POST /me/held/{id}/withdrawal                                    in done  404  404  404  404  404  404  404
GET  /me/mail                                                    in  200  200  200  200  200  200  200  200
POST /me/mail                                                    in done done done done done done done done
GET  /me/mail/{secret}                                           in  200  200  200  200  200  200  200  200
POST /me/mail/{secret}                                           in done  422  422  422  422  422  422  422
GET  /me/password                                                in  200  200  200  200  200  200  200  200
POST /me/password                                                in done done done done done done done done
GET  /me/profile                                                 in  200  200  200  200  200  200  200  200
POST /me/profile                                                 in done done done done done done done done
GET  /me/sign-ins                                                in  200  200  200  200  200  200  200  200
POST /me/sign-ins/delete                                         in done done done done done done done done
POST /me/sign-ins/{id}/delete                                    in done  404  404  404  404  404  404  404
GET  /me/totp                                                    in  200  200  200  200  200  200  200  200
POST /me/totp                                                    in done done done done done done  409 done
POST /me/totp/confirmation                                       in  409  409  409  409  409  409  409  409
POST /me/totp/delete                                             in  422  422  422  422  422  422  422  422
POST /me/totp/recovery-codes                                     in  422  422  422  422  422  422  422  422
GET  /mentions                                                   in  200  200  200  200  200  200  200  200
GET  /moderation                                                 in  403  403  403  200  200  403  403  200
GET  /moderation/appeals                                         in  403  403  403  200  200  403  403  200
GET  /moderation/appeals/{id}                                    in  403  403  403  200  404  403  403  200
POST /moderation/appeals/{id}/decision                           in  403  403  403 done  404  403  403 done
POST /moderation/cancellations                                   in  403  403  403  403  403  403  403  409
GET  /moderation/cancellations/new                               in  403  403  403  403  403  403  403  200
GET  /moderation/doubles                                         in  403  403  403  200  200  403  403  200
GET  /moderation/doubles/{resource}/{other}                      in  403  403  403  200  404  403  403  200
POST /moderation/doubles/{resource}/{other}/verdict              in  403  403  403 done  404  403  403 done
POST /moderation/doubles/{resource}/{other}/verdict/delete       in  403  403  403  409  404  403  403  409
GET  /moderation/featurings                                      in  403  403  403  200  200  403  403  200
POST /moderation/featurings                                      in  403  403  403 done  404  403  403 done
GET  /moderation/featurings/new                                  in  403  403  403  200  404  403  403  200
GET  /moderation/featurings/{workshop}                           in  403  403  403  200  404  403  403  200
POST /moderation/featurings/{workshop}/ending                    in  403  403  403 done  404  403  403 done
GET  /moderation/log                                             in  403  403  403  200  200  403  403  200
GET  /moderation/people                                          in  403  403  403  200  200  403  403  200
GET  /moderation/people/{id}                                     in  403  403  403  200  404  403  403  200
POST /moderation/people/{id}/restrictions                        in  403  403  403 done  404  403  403 done
POST /moderation/people/{id}/restrictions/{restriction}/delete   in  403  403  403  403  404  403  403 done
POST /moderation/removals                                        in  403  403  403  409  404  403  403  409
GET  /moderation/removals/new                                    in  403  403  403  200  404  403  403  200
GET  /moderation/reports/{subject}                               in  403  403  403  200  404  403  403  200
POST /moderation/reports/{subject}/answer                        in  403  403  403 done  404  403  403 done
POST /moderation/restorations                                    in  403  403  403  409  404  403  403  409
GET  /moderation/restorations/new                                in  403  403  403  200  404  403  403  200
GET  /moderation/reviews                                         in  403  403  403  200  200  403  403  200
GET  /moderation/reviews/{id}                                    in  403  403  403  200  404  403  403  200
POST /moderation/reviews/{id}/approval                           in  403  403  403  409  404  403  403  409
POST /moderation/reviews/{id}/refusal                            in  403  403  403  409  404  403  403  409
POST /moderation/revocations                                     in  403  403  403  403  403  403  403  409
GET  /moderation/revocations/new                                 in  403  403  403  403  403  403  403  200
GET  /moderation/words                                           in  403  403  403  403  403  403  403  200
POST /moderation/words                                           in  403  403  403  403  403  403  403 done
POST /moderation/words/delete                                    in  403  403  403  403  403  403  403 done
GET  /moderation/workshops                                      in  403  403  403  200  200  403  403  200
GET  /moderation/workshops/{id}                                 in  403  403  403  200  404  403  403  200
POST /moderation/workshops/{id}/decision                        in  403  403  403 done  404  403  403 done
GET  /notices                                                    in  200  200  200  200  200  200  200  200
POST /notices/readings                                           in done done done done done done done done
GET  /notices/settings                                           in  200  200  200  200  200  200  200  200
POST /notices/settings                                           in done done done done done done done done
POST /notices/{id}/reading                                       in done  404  404  404  404  404  404  404
GET  /password                                                  200  200  200  200  200  200  200  200  200
POST /password                                                 done done done done done done done done done
GET  /password/{secret}                                         200  200  200  200  200  200  200  200  200
POST /password/{secret}                                        done done done done done done done done done
GET  /people                                                     in  403  403  403  200  200  200  200  200
POST /people                                                     in  403  403  403  403  403  200  200  200
GET  /people/new                                                 in  403  403  403  403  403  200  200  200
POST /people/rosters                                             in  403  403  403  403  403 done done done
GET  /people/rosters/new                                         in  403  403  403  403  403  200  200  200
GET  /people/rosters/template                                    in  403  403  403  403  403  200  200  200
GET  /people/rosters/{id}                                        in  403  403  403  403  403  200  404  404
POST /people/rosters/{id}/invitations                            in  403  403  403  403  403  200  404  404
POST /people/rosters/{id}/taking                                 in  403  403  403  403  403 done  404  404
GET  /people/{id}                                               200  200  200  200  200  200  200  200  200
POST /people/{id}/invitation                                     in  404  404  404  404  404  409  404  409
POST /people/{id}/role                                           in  403  403  403  403  403  403  403 done
POST /people/{id}/second-factor/delete                           in  403  403  403  403  403  403  403 done
POST /people/{id}/slip                                           in  404  404  404  404  404  200  404  200
GET  /points                                                     in  200  200  200  200  200  200  200  200
GET  /points/receipts/{number}                                   in  200  404  404  404  404  404  404  404
POST /points/redemptions                                         in done  422  422  422  422  422  422  422
GET  /points/redemptions/new                                     in  200  200  200  200  200  200  200  200
GET  /points/{year}                                              in  200  200  200  200  200  200  200  200
GET  /points/{year}.csv                                          in  200  200  200  200  200  200  200  200
GET  /points/{year}.xlsx                                         in  200  200  200  200  200  200  200  200
GET  /points/{year}/certificate                                  in  200  200  200  200  200  200  200  200
POST /points/{year}/certificate/consent                          in done done done done done done done done
POST /points/{year}/certificate/consent/delete                   in done done done done done done done done
POST /previews                                                   in  200  200  200  200  200  200  200  200
GET  /reports                                                    in  200  200  200  200  200  200  200  200
POST /reports                                                    in  422 done done done done done done done
GET  /reports/new                                                in  200  200  200  200  200  200  200  200
GET  /resources                                                 200  200  200  200  200  200  200  200  200
POST /resources                                                   in  409 done  403 done done done done done
GET  /resources/new                                               in  200  200  200  200  200  200  200  200
GET  /resources/{id}                                             200  200  200  200  200  200  200  200  200
POST /resources/{id}                                              in done  403  403  403  403  403  403  403
POST /resources/{id}/collection                                  in done done done done done done done done
POST /resources/{id}/collection/delete                           in done done done done done done done done
POST /resources/{id}/downloads                                   in done done done done done done done done
GET  /resources/{id}/edit                                         in  200  403  403  403  403  403  403  403
POST /resources/{id}/rating                                       in  422 done  403 done done done done done
GET  /resources/{id}/versions                                    200  200  200  200  200  200  200  200  200
POST /resources/{id}/versions                                     in done  403  403  403  403  403  403  403
GET  /resources/{id}/versions/new                                 in  200  403  403  403  403  403  403  403
POST /resources/{id}/withdrawal                                   in done  403  403  403  403  403  403  403
POST /resources/{id}/withdrawal/delete                            in done  403  403  403  403  403  403  403
GET  /resources/{id}/withdrawal/new                               in  200  403  403  403  403  403  403  403
GET  /resources/{id}/cover                                       200  200  200  200  200  200  200  200  200
HEAD /resources/{id}/cover                                       200  200  200  200  200  200  200  200  200
GET  /resources/{id}/files/{version}/{number}                     in  200  200  200  200  200  200  200  200
HEAD /resources/{id}/files/{version}/{number}                     in  200  200  200  200  200  200  200  200
GET  /resources/{id}/files/{version}/{number}/pages/{page}        in  200  200  200  200  200  200  200  200
HEAD /resources/{id}/files/{version}/{number}/pages/{page}        in  200  200  200  200  200  200  200  200
GET  /room                                                       in  403  403  403  403  403  200  200  200
GET  /rules                                                     200  200  200  200  200  200  200  200  200
GET  /search                                                    200  200  200  200  200  200  200  200  200
GET  /set-up                                                    404  404  404  404  404  404  404  404  404
POST /set-up                                                    404  404  404  404  404  404  404  404  404
GET  /sign-in                                                   200  200  200  200  200  200  200  200  200
POST /sign-in                                                  done done done done done done done done done
POST /sign-in/cast                                              404  404  404  404  404  404  404  404  404
GET  /sign-in/code                                             done done done done done done done done done
POST /sign-in/code                                              422  422  422  422  422  422  422  422  422
GET  /sign-in/outside                                           404  404  404  404  404  404  404  404  404
GET  /sign-in/outside/return                                    422  422  422  422  422  422  422  422  422
GET  /sign-in/reset                                             200  200  200  200  200  200  200  200  200
POST /sign-in/reset                                             200  200  200  200  200  200  200  200  200
POST /sign-out                                                 done done done done done done done done done
GET  /static/{name}                                             200  200  200  200  200  200  200  200  200
GET  /activities/{id}/submissions                               in  200  200  200  200  200  200  200  200
POST /activities/{id}/submissions                               in done  409  403  403  403  403  403  403
GET  /activities/{id}/submissions/new                           in  200 done  403  403  403  403  403  403
GET  /submissions/{id}                                          in  200  200  404  200  404  404  404  200
GET  /submissions/{id}/files/{version}/{number}                 in  200  200  404  200  404  404  404  200
HEAD /submissions/{id}/files/{version}/{number}                 in  200  200  404  200  404  404  404  200
GET  /submissions/{id}/files/{version}/{number}/pages/{page}    in  404  404  404  404  404  404  404  404
HEAD /submissions/{id}/files/{version}/{number}/pages/{page}    in  404  404  404  404  404  404  404  404
POST /submissions/{id}/recommendation                           in done  403  403  403  403  403  403  403
GET  /submissions/{id}/recommendation/new                       in  200  403  404  403  404  404  404  403
POST /submissions/{id}/verdicts                                 in done  403  403  403  403  403  403  403
POST /submissions/{id}/versions                                 in  403 done  404  403  404  404  404  403
GET  /submissions/{id}/versions/new                             in  403  200  404  403  404  404  404  403
GET  /workshops/{id}/desk                                       in  200  403  403  403  403  403  403  403
POST /workshops/{id}/messages                                   in done  403  403  403  403  403  403  403
GET  /workshops/{id}/report.xlsx                                in  200  403  403  403  403  403  403  403
POST /submissions/{id}/withdrawal                                in  403 done  403  403  403  403  403  403
POST /submissions/{id}/withdrawal/delete                         in  409  409  409  409  409  409  409  409
GET  /submissions/{id}/withdrawal/new                            in  403  200  403  403  403  403  403  403
GET  /workshops/{id}/submissions                                in  200  200  200  200  200  200  200  200
GET  /topics                                                    200  200  200  200  200  200  200  200  200
POST /topics                                                     in done done  403 done done done done done
GET  /topics/new                                                 in  200  200  200  200  200  200  200  200
GET  /topics/{id}                                               200  200  200  200  200  200  200  200  200
POST /topics/{id}                                                in done  403  403  403  403  403  403  403
GET  /topics/{id}/edit                                           in  200  403  403  403  403  403  403  403
POST /topics/{id}/follow                                         in done done done done done done done done
POST /topics/{id}/follow/delete                                  in done done done done done done done done
POST /topics/{id}/lock                                           in  403  403  403 done  403  403  403 done
POST /topics/{id}/lock/delete                                    in  403  403  403 done  403  403  403 done
POST /topics/{id}/pin                                            in  403  403  403 done  403  403  403 done
POST /topics/{id}/pin/delete                                     in  403  403  403 done  403  403  403 done
GET  /topics/{id}/quotes/{number}                                in  200  200  200  200  200  200  200  200
POST /topics/{id}/reading                                        in  204  204  204  204  204  204  204  204
POST /topics/{id}/replies                                        in done done  403 done done done done done
GET  /topics/{id}/replies/{number}                             done done done done done done done done done
POST /topics/{id}/replies/{number}                               in done  403  403  403  403  403  403  403
GET  /topics/{id}/replies/{number}/edit                          in  200  403  403  403  403  403  403  403
GET  /topics/{id}/replies/{number}/versions                     200  200  200  200  200  200  200  200  200
POST /topics/{id}/replies/{number}/withdrawal                    in done  403  403  403  403  403  403  403
POST /topics/{id}/replies/{number}/withdrawal/delete             in  409  409  409  409  409  409  409  409
GET  /topics/{id}/replies/{number}/withdrawal/new                in  200  403  403  403  403  403  403  403
GET  /topics/{id}/versions                                      200  200  200  200  200  200  200  200  200
POST /topics/{id}/withdrawal                                     in done  403  403  403  403  403  403  403
POST /topics/{id}/withdrawal/delete                              in done  403  403  403  403  403  403  403
GET  /topics/{id}/withdrawal/new                                 in  200  403  403  403  403  403  403  403
HEAD /uploads/{uuid}                                              in  200  404  404  404  404  404  404  404
DELETE /uploads/{uuid}                                            in  204  404  404  404  404  404  404  404
PATCH /uploads/{uuid}                                             in  204  404  404  404  404  404  404  404
POST /uploads                                                     in  201  201  201  201  201  201  201  201
POST /uploads/                                                    in  201  201  201  201  201  201  201  201
GET  /verify/{token}                                            200  200  200  200  200  200  200  200  200
POST /workshops/{id}/withdrawal                                  in  409  403  403  403  403  403  403  403
POST /workshops/{id}/withdrawal/delete                           in done  403  403  403  403  403  403  403
GET  /workshops/{id}/withdrawal/new                              in  200  403  403  403  403  403  403  403
GET  /workshops                                                200  200  200  200  200  200  200  200  200
POST /workshops                                                 in done done  403 done done done done done
GET  /workshops/new                                             in  200  200  200  200  200  200  200  200
GET  /workshops/{id}                                           200  200  200  200  200  200  200  200  200
POST /workshops/{id}                                            in done  403  403  403  403  403  403  403
GET  /workshops/{id}/announcements                              in  200  200  200  200  403  403  403  200
POST /workshops/{id}/announcements                              in done  403  403  403  403  403  403  403
GET  /workshops/{id}/announcements/new                          in  200  403  403  403  403  403  403  403
POST /workshops/{id}/announcements/{number}                     in done  403  403  403  403  403  403  403
POST /workshops/{id}/announcements/{number}/delete              in done  403  403  403  403  403  403  403
GET  /workshops/{id}/announcements/{number}/edit                in  200  403  403  403  403  403  403  403
POST /workshops/{id}/answer                                     in done  404  404  403  404  404  404  403
GET  /workshops/{id}/answer/new                                 in  200  404  404  403  404  404  404  403
POST /workshops/{id}/application/delete                         in done  403  403  403  403  403  403  403
POST /workshops/{id}/assistants                                 in done  403  403  403  403  403  403  403
POST /workshops/{id}/assistants/{person}/delete                 in done  403  403  403  403  403  403  403
GET  /workshops/{id}/calendar.ics                              200  200  200  200  200  200  200  200  200
POST /workshops/{id}/closure                                    in done  403  403  403  403  403  403  403
POST /workshops/{id}/closure/delete                             in  403  403  403  403  403  403  403  403
GET  /workshops/{id}/closure/new                                in  200  403  403  403  403  403  403  403
POST /workshops/{id}/cover                                      in done  403  403  403  403  403  403  403
POST /workshops/{id}/cover/delete                               in done  403  403  403  403  403  403  403
GET  /workshops/{id}/cover/new                                  in  200  403  403  403  403  403  403  403
GET  /workshops/{id}/edit                                       in  200  403  403  403  403  403  403  403
POST /workshops/{id}/invitation/delete                          in done done  404  404  404  404  404  404
GET  /workshops/{id}/invitations                                in  200  403  403  403  403  403  403  403
POST /workshops/{id}/invitations                                in done  403  403  403  403  403  403  403
POST /workshops/{id}/invitations/{person}/delete                in done  403  403  403  403  403  403  403
GET  /workshops/{id}/members                                    in  200  200  200  200  403  403  403  200
POST /workshops/{id}/members                                    in  200  403  403  403  403  403  403  403
GET  /workshops/{id}/members/new                                in  200  403  403  403  403  403  403  403
POST /workshops/{id}/members/{person}/taking-out                in done  403  403  403  403  403  403  403
GET  /workshops/{id}/members/{person}/taking-out/new            in  200  403  403  403  403  403  403  403
POST /workshops/{id}/membership                                 in  409 done done done done  409 done done
POST /workshops/{id}/membership/delete                          in done done done done done done done done
GET  /workshops/{id}/versions                                  200  200  200  200  200  200  200  200  200
POST /workshops/{id}/activities                                  in done  403  403  403  403  403  403  403
GET  /workshops/{id}/activities/new                              in  200  403  403  403  403  403  403  403
POST /workshops/{id}/copies                                      in done  403  403  403  403  403  403  403
GET  /workshops/{id}/copies/new                                  in  200  403  403  403  403  403  403  403
"""

IDS = {
    "/activities/{id}": "activity",
    "/activities/{id}/answers": "survey", "/activities/{id}/opening": "undated",
    "/activities/{id}/posts": "discussion", "/activities/{id}/questions": "later",
    "/activities/{id}/results": "survey", "/activities/{id}/attendance/{person}": "came",
    "/activities/{id}/posts/{number}": "spoken", "/activities/{id}/questions/{number}": "2",
    **{f"/activities/{{id}}/posts/{{number}}{page} {{id}}": "discussion" for page in (
        "", "/edit", "/versions", "/withdrawal", "/withdrawal/delete", "/withdrawal/new",
    )},
    **{f"/activities/{{id}}/questions/{{number}}{page} {{id}}": "later" for page in ("", "/delete", "/edit")},
    "/workshops/{id}/activities": "held_in", "/workshops/{id}/activities/new": "held_in",
    "/workshops/{id}/withdrawal": "held_in", "/workshops/{id}/withdrawal/new": "held_in",
    "/workshops/{id}/withdrawal/delete": "put_away", "{workshop}": "featured",
    "/workshops/{id}/copies": "held_in", "/workshops/{id}/copies/new": "held_in",
    "/appeals/{id}": "appeal", "/me/held/{id}": "held", "/moderation/appeals/{id}": "appeal",
    "/moderation/people/{id}": "silenced", "/moderation/reports/{subject}": "subject",
    "/moderation/reviews/{id}": "held", "/topics/{id}/withdrawal/delete": "withdrawn", "{restriction}": "restriction",
    "{resource}": "newer", "{other}": "older",
    "/files/{id}": "file", "/me/sign-ins/{id}": "sign_in", "/notices/{id}": "notice", "/people/{id}": "other",
    "/calendars/{secret}": "calendar", "/moderation/workshops/{id}": "application", "/workshops/{id}": "workshop",
    "/workshops/{id}/answer": "returned", "/workshops/{id}/answer/new": "returned",
    "/workshops/{id}/application/delete": "application", "/workshops/{id}/invitation/delete": "invited",
    "/workshops/{id}/invitations/{person}": "asked", "/workshops/{id}/members/{person}": "other",
    "/workshops/{id}/closure/delete": "closed", "/workshops/{id}/announcements/{number}": "2", "{person}": "assistant",
    "/me/mail/{secret}": "proof_of_mail", "/password/{secret}": "invitation", "/people/rosters/{id}": "roster",
    "/people/rosters/{id}/invitations": "taken_roster", "/points/receipts/{number}": "receipt",
    "/resources/{id}": "lesson", "/resources/{id}/withdrawal/delete": "taken_back", "/uploads/{uuid}": "upload",
    "/resources/{id}/files/{version}": "2", "/resources/{id}/files/{version}/{number}": "2", "{page}": "1",
    "/activities/{id}/submissions": "homework", "/activities/{id}/submissions/new": "homework",
    "/workshops/{id}/submissions": "read_in", "/workshops/{id}/desk": "read_in",
    "/workshops/{id}/messages": "read_in", "/workshops/{id}/report.xlsx": "read_in", "/submissions/{id}": "submission",
    "/submissions/{id}/files/{version}": "1", "/submissions/{id}/files/{version}/{number}": "1",
    "/static/{name}": "style", "/topics/{id}": "topic", "{number}": "own", "{token}": "proof", "{year}": "year",
}  # fmt: skip
"""What stands in the place of a part of an address, named by the whole, by all before it or alone: an id, or itself."""

NEW_RESOURCE = {
    "title": "怎样听评课", "text": "一份观察表。", "kind": "plan", "stage": "初中", "subject": "数学", "licence": "by",
}  # fmt: skip
NEW_LINK = {"link": "https://school.example/plan"}
NEW_TOPIC = {"title": "怎样听评课", "text": "想听听大家的做法。", "stage": "初中", "subject": "数学"}
NEW_PERSON = {
    "name": "许国栋", "staff_number": "T-9", "district": "荔湾区", "school": "荔湾小学", "stage": "小学",
    "subject": "科学",
}  # fmt: skip
FIRST = {"code": "guess", "name": "何", "staff_number": "A-1", "district": "越秀区", "school": "教研院"}
PASSWORD, ANOTHER = "correct horse battery", "another horse battery"
MEASURE = {"ground": "other", "reason": "与教研无关"}
SENT: dict[str, dict[str, str]] = {
    "POST /activities/{id}/withdrawal": {},
    "POST /activities/{id}/withdrawal/delete": {},
    "POST /submissions/{id}/withdrawal": {"shown": "{nothing}"},
    "POST /submissions/{id}/withdrawal/delete": {},
    "POST /workshops/{id}/withdrawal": {},
    "POST /workshops/{id}/withdrawal/delete": {},
    "POST /me/calendar/key": {},
    "POST /moderation/workshops/{id}/decision": {"verdict": "returned", "reason": "请写明准备几次活动"},
    "POST /workshops": NEW_TOPIC,
    "POST /workshops/{id}": NEW_TOPIC,
    "POST /workshops/{id}/announcements": {"text": "明天请带课本。"},
    "POST /workshops/{id}/announcements/{number}": {"text": "明天请带课本和批注。"},
    "POST /workshops/{id}/announcements/{number}/delete": {},
    "POST /workshops/{id}/answer": {**NEW_TOPIC, "words": "写明了六次活动。"},
    "POST /workshops/{id}/application/delete": {},
    "POST /workshops/{id}/assistants": {"person": "{other}"},
    "POST /workshops/{id}/assistants/{person}/delete": {},
    "POST /workshops/{id}/closure": {"words": "谢谢各位。"},
    "POST /workshops/{id}/closure/delete": {},
    "POST /workshops/{id}/cover": {},
    "POST /workshops/{id}/cover/delete": {},
    "POST /workshops/{id}/invitation/delete": {},
    "POST /workshops/{id}/invitations": {"names": "魏淑芬 no-何雅文"},
    "POST /workshops/{id}/invitations/{person}/delete": {},
    "POST /workshops/{id}/members": {"numbers": "no-魏淑芬", "do": "look"},
    "POST /workshops/{id}/members/{person}/taking-out": {"reason": "已调离本校"},
    "POST /workshops/{id}/membership": {},
    "POST /workshops/{id}/membership/delete": {},
    "POST /activities/{id}": {"title": "同课异构", "text": "带一段实录来。"},
    "POST /activities/{id}/answers": {"q1": "1", "q3": "导读单"},
    "POST /activities/{id}/attendance": {"names": "陈佩琪"},
    "POST /activities/{id}/attendance/{person}/correction": {"reason": "签到时不在现场"},
    "POST /activities/{id}/closure": {},
    "POST /activities/{id}/opening": {"closes_at": "2026-11-20T21:00"},
    "POST /activities/{id}/posts": {"text": "同感。"},
    "POST /activities/{id}/posts/{number}": {"text": "改过的发言。"},
    "POST /activities/{id}/posts/{number}/withdrawal": {},
    "POST /activities/{id}/posts/{number}/withdrawal/delete": {},
    "POST /activities/{id}/questions": {"kind": "text", "text": "还想说什么"},
    "POST /activities/{id}/questions/{number}": {"kind": "text", "text": "还想说什么"},
    "POST /activities/{id}/questions/{number}/delete": {},
    "POST /activities/{id}/sign-in": {"code": "wrong"},
    "POST /workshops/{id}/activities": {"kind": "meeting", "title": "共读", "text": "带批注来。"},
    "POST /workshops/{id}/copies": {"activities": "{survey}"},
    "POST /appeals": {"entry": "{entry}", "words": "请再看一看这一笔。"},
    "POST /me/held/{id}": {"text": "改过了，不再有那个词。"},
    "POST /me/held/{id}/withdrawal": {},
    "POST /moderation/appeals/{id}/decision": {"verdict": "answered", "reason": "已经核对"},
    "POST /moderation/cancellations": {"redemption": "{redemption}", **MEASURE},
    "POST /moderation/doubles/{resource}/{other}/verdict": {
        "verdict": "apart",
        "reason": "各有侧重",
        "shown": "{pair}",
    },
    "POST /moderation/doubles/{resource}/{other}/verdict/delete": {"reason": "再看一看"},
    "POST /moderation/featurings": {"workshop": "{read_in}", "reason": "活动扎实", "shown": "{featuring}"},
    "POST /moderation/featurings/{workshop}/ending": {"reason": "换下一个"},
    "POST /moderation/people/{id}/restrictions": {"kind": "suspension", "days": "7", "reason": "多次刷屏"},
    "POST /moderation/people/{id}/restrictions/{restriction}/delete": {"lifting": "已经谈过"},
    "POST /moderation/removals": {"subject": "{topic}", **MEASURE},
    "POST /moderation/reports/{subject}/answer": {"reason": "没有问题"},
    "POST /moderation/restorations": {"subject": "{removed}", **MEASURE},
    "POST /moderation/reviews/{id}/approval": {},
    "POST /moderation/reviews/{id}/refusal": {"reason": "请不要留联系方式"},
    "POST /moderation/revocations": {"thing": "{topic}", "rule": "topic_discussed", **MEASURE},
    "POST /moderation/words": {"word": "代写"},
    "POST /moderation/words/delete": {"plain": "加微信"},
    "POST /reports": {"subject": "{topic}", "kind": "unrelated"},
    "POST /sign-in/cast": {"person": "{other}"},
    "POST /drafts": {"place": "/topics/new", "text": "还没写完"},
    "POST /drafts/delete": {"place": "/topics/new"},
    "POST /files": {},
    "POST /language": {"language": "zh"},
    "POST /me/closing": {"sentence": "注销我的账号", "present": PASSWORD},
    "POST /me/mail": {"mail": "new@school.example", "present": PASSWORD},
    "POST /me/mail/{secret}": {},
    "POST /me/password": {"present": PASSWORD, "password": ANOTHER, "again": ANOTHER},
    "POST /me/profile": {"stage": "高中", "subjects": "物理"},
    "POST /me/sign-ins/delete": {},
    "POST /me/sign-ins/{id}/delete": {},
    "POST /me/totp": {},
    "POST /me/totp/confirmation": {"code": "123456"},
    "POST /me/totp/delete": {"code": "123456"},
    "POST /me/totp/recovery-codes": {"code": "123456"},
    "POST /notices/readings": {},
    "POST /notices/settings": {"wanted": "reply.site"},
    "POST /notices/{id}/reading": {},
    "POST /password": {"slip": "1111-2222-3333"},
    "POST /password/{secret}": {"password": ANOTHER, "again": ANOTHER},
    "POST /people": NEW_PERSON,
    "POST /people/rosters": {},
    "POST /people/rosters/{id}/invitations": {},
    "POST /people/rosters/{id}/taking": {},
    "POST /people/{id}/invitation": {},
    "POST /people/{id}/role": {"role": "school"},
    "POST /people/{id}/second-factor/delete": {},
    "POST /people/{id}/slip": {},
    "POST /points/redemptions": {"category": "professional", "hours": "1", "shown": "{shown}"},
    "POST /points/{year}/certificate/consent": {},
    "POST /points/{year}/certificate/consent/delete": {},
    "POST /previews": {"text": "**看看**"},
    "POST /resources": {**NEW_RESOURCE, **NEW_LINK, "shown": "20"},
    "POST /resources/{id}": NEW_RESOURCE,
    "POST /resources/{id}/collection": {},
    "POST /resources/{id}/collection/delete": {},
    "POST /resources/{id}/downloads": {"version": "1", "number": "1"},
    "POST /resources/{id}/rating": {"stars": "4", "text": "分层清楚。"},
    "POST /resources/{id}/versions": {**NEW_LINK, "words": "换成了链接"},
    "POST /resources/{id}/withdrawal": {},
    "POST /resources/{id}/withdrawal/delete": {},
    "POST /set-up": {**FIRST, "password": PASSWORD},
    "POST /sign-in": {"name": "no-吴小曼", "password": PASSWORD},
    "POST /sign-in/code": {"code": "123456"},
    "POST /sign-in/reset": {"name": "no-吴小曼"},
    "POST /sign-out": {},
    "POST /activities/{id}/submissions": {"title": "活动总结", "text": "三条做法。"},
    "POST /submissions/{id}/recommendation": {"text": "可以直接带进课堂。", "shown": "{recommending}", "version": "2"},
    "POST /submissions/{id}/verdicts": {"verdict": "accepted", "version": "2", "text": "补得好。"},
    "POST /submissions/{id}/versions": {"title": "长句批注", "text": "又改了一遍。"},
    "POST /workshops/{id}/messages": {"audience": "silent", "text": "第一次活动周五结束，欢迎来交。"},
    "POST /topics": NEW_TOPIC,
    "POST /topics/{id}": NEW_TOPIC,
    "POST /topics/{id}/follow": {},
    "POST /topics/{id}/follow/delete": {},
    "POST /topics/{id}/lock": {},
    "POST /topics/{id}/lock/delete": {},
    "POST /topics/{id}/pin": {},
    "POST /topics/{id}/pin/delete": {},
    "POST /topics/{id}/reading": {"number": "3"},
    "POST /topics/{id}/replies": {"text": "同感。"},
    "POST /topics/{id}/replies/{number}": {"text": "改过的回复。"},
    "POST /topics/{id}/replies/{number}/withdrawal": {},
    "POST /topics/{id}/replies/{number}/withdrawal/delete": {},
    "POST /topics/{id}/withdrawal": {},
    "POST /topics/{id}/withdrawal/delete": {},
}
"""What a POST sends, all of it as it should be; {names} are ids of the town."""

TUS = {"Tus-Resumable": "1.0.0"}
HEADED = {
    "DELETE /uploads/{uuid}": TUS,
    "HEAD /uploads/{uuid}": TUS,
    "PATCH /uploads/{uuid}": {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"},
    "POST /uploads": {**TUS, "Upload-Length": "5"},
    "POST /uploads/": {**TUS, "Upload-Length": "5"},
}
"""What takes no form, by the headers that it takes."""
BODIES = {"PATCH /uploads/{uuid}": b"hello"}
"""What comes along with them."""

CARRIED = {
    "POST /files": {"picture": ("board.png", picture(), "image/png")},
    "POST /workshops/{id}/cover": {"picture": ("board.png", picture(), "image/png")},
    "POST /people/rosters": {"file": ("teachers.csv", ROSTER, "text/csv")},
}
"""The files that it brings along."""

ASKED = {
    "GET /appeals/new": "entry={entry}",
    "GET /moderation/cancellations/new": "redemption={redemption}",
    "GET /moderation/featurings/new": "workshop={read_in}",
    "GET /moderation/removals/new": "subject={topic}",
    "GET /moderation/restorations/new": "subject={removed}",
    "GET /moderation/revocations/new": "thing={topic}",
    "GET /reports/new": "subject={topic}",
    "GET /search": "q=作业",
    "GET /workshops/{id}/calendar.ics": "key={calendar}",
}
"""What is asked for where an address alone asks for nothing."""

COUNTED = {
    "POST /activities/{id}/sign-in",
    "POST /me/closing",
    "POST /me/totp/confirmation",
    "POST /me/totp/delete",
    "POST /me/totp/recovery-codes",
}
"""Where a wrong try is counted, so that being refused leaves a trace."""
