"""What a topic page and a reply come down to: FastAPI, one statement of the driver, one template of Jinja."""

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
