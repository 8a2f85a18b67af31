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
    "/notices/{id}": "notice", "/points/receipts/{number}": "receipt", "/static/{name}": "style",
    "/topics/{id}": "topic",
    "{number}": "1", "{token}": "proof", "{year}": "year",
}  # fmt: skip
"""What stands in the place of a part of an address, named with all before it or alone: an id of the town, or itself."""

SENT: dict[str, dict[str, str]] = {
    "POST /language": {"language": "zh"},
    "POST /notices/readings": {},
    "POST /notices/settings": {"wanted": "reply.site"},
    "POST /notices/{id}/reading": {},
    "POST /people": {
        "name": "许国栋", "staff_number": "T-9", "district": "荔湾区", "school": "荔湾小学",
        "stage": "小学", "subject": "科学",
    },
    "POST /points/redemptions": {"category": "professional", "hours": "1"},
    "POST /points/{year}/certificate/consent": {"agreed": "yes"},
    "POST /points/{year}/certificate/consent/delete": {},
    "POST /set-up": {
        "code": "guess", "name": "何", "staff_number": "A-1", "district": "越秀区", "school": "教研院",
        "password": "correct horse battery",
    },
    "POST /sign-in": {"name": "no-吴小曼", "password": "correct horse battery"},
    "POST /sign-out": {},
    "POST /topics": {"title": "怎样听评课", "text": "想听听大家的做法。", "stage": "初中", "subject": "数学"},
    "POST /topics/{id}/replies": {"text": "同感。"},
}  # fmt: skip
