"""The site: its routes, its guards, its answers to errors."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from web import static
from web.attempts import Attempts
from web.database import Database
from web.errors import answer_errors
from web.guards import Readable, SameSite, Sealed
from web.pages import home, language, people, points, set_up, sign_in, topics
from web.settings import Settings
from web.year_turn import keep_years_closed

Clock = Callable[[], datetime]
"""Gives the present moment (aware, UTC)."""


def make_app(settings: Settings, clock: Clock = lambda: datetime.now(UTC)) -> FastAPI:
    """The site on the database that the settings name, which is made or migrated."""
    database = Database(settings)
    database.prepare()

    @asynccontextmanager
    async def open_and_close(app: FastAPI) -> AsyncIterator[None]:
        years = asyncio.create_task(keep_years_closed(database, clock))
        yield
        years.cancel()
        database.dispose()

    app = FastAPI(title="共研", openapi_url=None, lifespan=open_and_close)
    app.state.settings = settings
    app.state.database, app.state.clock, app.state.attempts = database, clock, Attempts()
    for module in (static, home, language, people, points, set_up, sign_in, topics):
        app.include_router(module.router)
    answer_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Readable)
    app.add_middleware(SameSite)
    app.add_middleware(Sealed)
    return app
