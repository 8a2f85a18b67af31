"""What a topic page and a reply come down to: the same server, one statement of the driver, one template of Jinja."""

import asyncio
import os
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

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

_free: asyncio.Queue[AsyncConnection[Any]] | None = None


async def app(scope: Any, receive: Any, send: Any) -> None:
    """GET /topics/{id}, POST /topics/{id}/replies; who writes stands in the cookie."""
    if scope["type"] != "http":
        return
    global _free
    if _free is None:
        _free = queue = asyncio.Queue()
        for _ in range(CONNECTIONS):
            await queue.put(await AsyncConnection.connect(os.environ["GONGYAN_DATABASE_URL"], autocommit=True))
    topic = scope["path"].split("/")[2]
    if scope["method"] == "GET":
        rows = await _asked(READ, (topic,))
        body = PAGE.render(title=rows[0][0], replies=[row[1:] for row in rows]).encode()
        await _answer(send, 200, body, (b"content-type", b"text/html; charset=utf-8"))
        return
    typed = parse_qs((await receive())["body"].decode())
    author = typed["author"][0]
    ((number,),) = await _asked(
        WRITE, {"topic": topic, "author": author, "text": typed["text"][0], "key": str(uuid4())}
    )
    await _answer(send, 303, b"", (b"location", f"/topics/{topic}#{number}".encode()))


async def _asked(statement: str, values: Any) -> list[Any]:
    assert _free is not None
    connection = await _free.get()
    try:
        return await (await connection.execute(statement, values)).fetchall()
    finally:
        _free.put_nowait(connection)


async def _answer(send: Any, status: int, body: bytes, header: tuple[bytes, bytes]) -> None:
    headers = [header, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
