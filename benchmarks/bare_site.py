"""What pages and a reply come down to: FastAPI, one statement of the driver, one template of Jinja."""

import asyncio
import os
from typing import Annotated, Any

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment
from psycopg import AsyncConnection

CONNECTIONS = 8
PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
{% for number, name, at, html in replies %}
<article id="{{ number }}"><b>{{ name }}</b> <time>{{ at }}</time><div>{{ html|safe }}</div></article>
{% endfor %}
</body></html>""")
READ = """
    SELECT topic.title, reply.number, person.name, reply.at, reply.html
    FROM topic JOIN reply ON reply.topic = topic.id JOIN person ON person.id = reply.author
    WHERE topic.id = %s ORDER BY reply.number
"""
LIST_PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>资源</title></head><body><h1>资源</h1>
{% for id, title, kind, stage, subject, at, raters, score, good, downloads, name in resources %}
<div class="row"><b><a href="/resources/{{ id }}">{{ title }}</a></b>
<p>{{ kind }} · {{ stage }}{{ subject }} · {{ name }} · <time>{{ at }}</time> · {{ downloads }}</p>
<p>{{ score / 1000 }} ({{ raters }}) · {{ good }}/20</p></div>
{% endfor %}
</body></html>""")
LIST = """
    SELECT resource.id, title, kind, resource.stage, resource.subject, shared_at, raters, score, good, downloads, name
    FROM resource JOIN person ON person.id = resource.author
    WHERE {where} ORDER BY {by} LIMIT 20
"""
PEOPLE_PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>名单</title></head><body><h1>名单</h1>
<table>{% for id, name, school, at in people %}
<tr><td><a href="/people/{{ id }}">{{ name }}</a></td><td>{{ school }}</td><td><time>{{ at }}</time></td></tr>
{% endfor %}</table>
</body></html>""")
CAME = """
    SELECT person.id, person.name, school.name, attendance.at
    FROM attendance JOIN person ON person.id = attendance.person JOIN school ON school.id = person.school
    WHERE activity = %s ORDER BY attendance.at DESC, attendance.person DESC LIMIT 50
"""
MEMBERS = """
    SELECT person.id, person.name, school.name, workshop_member.at
    FROM workshop_member JOIN person ON person.id = workshop_member.person JOIN school ON school.id = person.school
    WHERE workshop = %s ORDER BY workshop_member.at DESC, workshop_member.person DESC LIMIT 50
"""
DESK = """
    SELECT person.id, person.name, school.name, came.activities || ' / ' || came.everybody
    FROM (
        SELECT teacher, count(*) AS activities, count(*) OVER () AS everybody FROM participation
        WHERE thing = %s GROUP BY teacher ORDER BY activities DESC, teacher LIMIT 50
    ) AS came
    JOIN person ON person.id = came.teacher JOIN school ON school.id = person.school
"""
ORDERS = {
    "newest": "shared_at DESC, resource.id DESC",
    "best": "score DESC, raters DESC, resource.id DESC",
    "used": "downloads DESC, resource.id DESC",
}
WRITE = """
    WITH counted AS (
        UPDATE topic SET replies = replies + 1, latest_at = now() WHERE id = %(topic)s RETURNING replies
    ), written AS (
        INSERT INTO reply (topic, number, author, text, html, at)
        SELECT %(topic)s, replies, %(author)s, %(text)s, %(text)s, now() FROM counted
    ), taken AS (
        INSERT INTO participation (thing, teacher, part, year) VALUES (%(topic)s, %(author)s, %(topic)s, 2026)
    )
    SELECT replies FROM counted
"""

app = FastAPI(openapi_url=None)
_free: asyncio.Queue[AsyncConnection[Any]] = asyncio.Queue()


@app.get("/topics/{topic}")
async def page(topic: str) -> HTMLResponse:
    """The topic and its replies."""
    rows = await _asked(READ, (topic,))
    return HTMLResponse(PAGE.render(title=rows[0][0], replies=[row[1:] for row in rows]))


@app.get("/resources")
async def resources(order: str = "newest", kind: str = "") -> HTMLResponse:
    """A list of resources."""
    statement = LIST.format(where="kind = %s" if kind else "true", by=ORDERS[order])
    return HTMLResponse(LIST_PAGE.render(resources=await _asked(statement, (kind,) if kind else ())))


@app.get("/activities/{activity}/attendance")
async def came(activity: str) -> HTMLResponse:
    """Who came to an activity."""
    return HTMLResponse(PEOPLE_PAGE.render(people=await _asked(CAME, (activity,))))


@app.get("/workshops/{workshop}/desk")
async def desk(workshop: str) -> HTMLResponse:
    """Who took part in a workshop, in how many activities, and how many there are."""
    return HTMLResponse(PEOPLE_PAGE.render(people=await _asked(DESK, (workshop,))))


@app.get("/workshops/{workshop}/members")
async def members(workshop: str) -> HTMLResponse:
    """The members of a workshop."""
    return HTMLResponse(PEOPLE_PAGE.render(people=await _asked(MEMBERS, (workshop,))))


@app.post("/topics/{topic}/replies")
async def reply(topic: str, author: Annotated[str, Form()], text: Annotated[str, Form()]) -> RedirectResponse:
    """One reply more."""
    ((number,),) = await _asked(WRITE, {"topic": topic, "author": author, "text": text})
    return RedirectResponse(f"/topics/{topic}#{number}", 303)


async def _asked(statement: str, values: Any) -> list[Any]:
    if _free.empty() and len(_opened) < CONNECTIONS:
        _opened.append(await AsyncConnection.connect(os.environ["GONGYAN_DATABASE_URL"], autocommit=True))
        _free.put_nowait(_opened[-1])
    connection = await _free.get()
    try:
        return await (await connection.execute(statement, values)).fetchall()
    finally:
        _free.put_nowait(connection)


_opened: list[AsyncConnection[Any]] = []
