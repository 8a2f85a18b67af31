"""Who may do what: a line for every route, a column for everybody of the town.

`in` is the way to sign in, `done` a redirect elsewhere, a number that status. What stands in the place of an address's
{parts} is said in IDS, what a POST sends in SENT. Whoever is refused leaves no trace: that is looked at in every cell.
"""

MATRIX = """
                                  guest OWNER OTHER MODERATOR AWAY SCHOOL ELSEWHERE BUREAU
GET  /                              200   200   200       200  200    200       200    200
POST /language                     done  done  done      done done   done      done   done
POST /people                         in   403   403       403  403    200       200    200
GET  /notices                        in   200   200       200  200    200       200    200
POST /notices/readings               in  done  done      done done   done      done   done
GET  /notices/settings               in   200   200       200  200    200       200    200
POST /notices/settings               in  done  done      done done   done      done   done
POST /notices/{id}/reading           in  done   404       404  404    404       404    404
GET  /people/new                     in   403   403       403  403    200       200    200
GET  /points                         in   200   200       200  200    200       200    200
GET  /points/receipts/{number}       in   200   404       404  404    404       404    404
POST /points/redemptions             in  done   422       422  422    422       422    422
GET  /points/redemptions/new         in   200   200       200  200    200       200    200
GET  /points/{year}                  in   200   200       200  200    200       200    200
GET  /points/{year}.csv              in   200   200       200  200    200       200    200
GET  /points/{year}.xlsx             in   200   200       200  200    200       200    200
GET  /points/{year}/certificate      in   200   200       200  200    200       200    200
POST /points/{year}/certificate/consent         in done done done done done done done
POST /points/{year}/certificate/consent/delete  in done done done done done done done
GET  /rules                         200   200   200       200  200    200       200    200
GET  /set-up                        404   404   404       404  404    404       404    404
POST /set-up                        404   404   404       404  404    404       404    404
GET  /sign-in                       200   200   200       200  200    200       200    200
POST /sign-in                      done  done  done      done done   done      done   done
POST /sign-out                     done  done  done      done done   done      done   done
GET  /verify/{token}                200   200   200       200  200    200       200    200
GET  /static/{name}                 200   200   200       200  200    200       200    200
GET  /topics                        200   200   200       200  200    200       200    200
POST /topics                         in  done  done      done done   done      done   done
GET  /topics/new                     in   200   200       200  200    200       200    200
GET  /topics/{id}                   200   200   200       200  200    200       200    200
POST /topics/{id}/replies            in  done  done      done done   done      done   done
"""

IDS = {
    "/files/{id}": "file-none", "/me/sign-ins/{id}": "sign_in", "/notices/{id}": "notice", "/people/{id}": "other",
    "/people/rosters/{id}": "roster-none", "/points/receipts/{number}": "receipt", "/static/{name}": "style",
    "/topics/{id}": "topic", "{number}": "own", "{secret}": "none", "{token}": "proof", "{year}": "year",
}  # fmt: skip
"""What stands in the place of a part of an address, named with all before it or alone: an id of the town, or itself."""

NEW_TOPIC = {"title": "怎样听评课", "text": "想听听大家的做法。", "stage": "初中", "subject": "数学"}
NEW_PERSON = {
    "name": "许国栋", "staff_number": "T-9", "district": "荔湾区", "school": "荔湾小学", "stage": "小学",
    "subject": "科学",
}  # fmt: skip
FIRST = {"code": "guess", "name": "何", "staff_number": "A-1", "district": "越秀区", "school": "教研院"}
PASSWORD, ANOTHER = "correct horse battery", "another horse battery"
SENT: dict[str, dict[str, str]] = {
    "POST /drafts": {"place": "/topics/new", "text": "还没写完"},
    "POST /drafts/delete": {"place": "/topics/new"},
    "POST /files": {},
    "POST /language": {"language": "zh"},
    "POST /me/closing": {"sentence": "注销我的账号", "present": PASSWORD},
    "POST /me/mail": {"mail": "new@school.example", "present": PASSWORD},
    "POST /me/mail/{secret}": {},
    "POST /me/password": {"present": PASSWORD, "password": ANOTHER, "again": ANOTHER},
    "POST /me/profile": {"name": "新名字", "stage": "高中", "subjects": "物理"},
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
    "POST /points/redemptions": {"category": "professional", "hours": "1"},
    "POST /points/{year}/certificate/consent": {"agreed": "yes"},
    "POST /points/{year}/certificate/consent/delete": {},
    "POST /previews": {"text": "**看看**"},
    "POST /set-up": {**FIRST, "password": PASSWORD},
    "POST /sign-in": {"name": "no-吴小曼", "password": PASSWORD},
    "POST /sign-in/code": {"code": "123456"},
    "POST /sign-in/reset": {"name": "no-吴小曼"},
    "POST /sign-out": {},
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
"""What a POST sends, all of it in order."""
