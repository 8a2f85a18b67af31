"""The site: its routes, its guards, its answers to errors."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from fastapi import FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from community.words import say
from web import static
from web.announcing import keep_announcing
from web.bounds import Bounded, Hurried
from web.database import Database
from web.demo.mark import is_demo
from web.errors import answer_errors
from web.garbage import settle
from web.guards import Readable, SameSite, Sealed
from web.indexing import keep_indexed
from web.keeping_time import keep_time_for_activities
from web.mail import keep_mailing, mail_server
from web.pace import Pace
from web.pages import (
    activities,
    activity_phases,
    activity_sign_ins,
    announcements,
    appeals,
    attendance,
    calendars,
    cast,
    certificates,
    closing,
    discipline,
    doubles,
    drafts,
    featurings,
    files,
    held,
    home,
    hosts_desk,
    language,
    me,
    measures,
    mentions,
    moderation,
    my_data,
    notices,
    outside,
    passwords,
    people,
    points,
    posts,
    previews,
    receipts,
    redemptions,
    replies,
    reports,
    resource_files,
    resource_lists,
    resource_withdrawals,
    resources,
    room,
    rosters,
    rules,
    search,
    second_factor,
    set_up,
    sign_in,
    sign_ins,
    submission_files,
    submissions,
    surveys,
    topic_states,
    topics,
    verify,
    withdrawals,
    word_list,
    workshop_applications,
    workshop_closure,
    workshop_covers,
    workshop_members,
    workshop_withdrawals,
    workshops,
)
from web.sending import NEVER_SMALLER
from web.settings import Settings
from web.shelves import shelf_of
from web.shelving import keep_shelved
from web.tidying import keep_tidy
from web.tus import upload_routes
from web.uploading import largest_request
from web.year_turn import keep_years_closed

Clock = Callable[[], datetime]
"""Gives the present moment (aware, UTC)."""


def make_app(settings: Settings, clock: Clock = lambda: datetime.now(UTC)) -> FastAPI:
    """The site on the database that the settings name, which is made or migrated."""
    mail_server(settings)  # What is wrong with it is said at once.
    database, shelf = Database(settings), shelf_of(settings)
    database.prepare()
    with database.reading() as session:
        if is_demo(session):  # Everybody knows its password: a second factor would only be in the way.
            settings = settings.model_copy(update={"staff_totp": "offered"})

    @asynccontextmanager
    async def open_and_close(app: FastAPI) -> AsyncIterator[None]:
        settle()
        tasks = [
            asyncio.create_task(keep_years_closed(database, clock)),
            asyncio.create_task(keep_announcing(database, clock)),
            asyncio.create_task(keep_time_for_activities(database, clock)),
            asyncio.create_task(keep_indexed(database)),
            asyncio.create_task(keep_mailing(database, clock, settings)),
            asyncio.create_task(keep_shelved(database, clock, shelf)),
            asyncio.create_task(keep_tidy(database, clock, shelf)),
        ]
        yield
        for task in tasks:
            task.cancel()
        database.dispose()

    app = FastAPI(title="共研", openapi_url=None, lifespan=open_and_close)
    app.state.settings = settings
    app.state.verifying = Pace(60, timedelta(minutes=1), say("看得太快了，请稍等一分钟再试。"))
    app.state.uploading = Pace(20, timedelta(minutes=1), say("图片上传得太快了，请稍等一分钟再试。"))
    app.state.previewing = Pace(60, timedelta(minutes=1), say("预览得太快了，请稍等一分钟再试。"))
    app.state.database, app.state.clock, app.state.shelf = database, clock, shelf
    # They are tried in this order: what is asked for most comes first.
    for module in (
        topics,
        replies,
        resource_lists,
        workshops,
        static,
        home,
        points,
        notices,
        cast,
        language,
        people,
        redemptions,
        receipts,
        certificates,
        verify,
        rules,
        search,
        set_up,
        sign_in,
        drafts,
        files,
        mentions,
        previews,
        topic_states,
        withdrawals,
        me,
        my_data,
        closing,
        sign_ins,
        second_factor,
        passwords,
        rosters,
        outside,
        resources,
        resource_files,
        resource_withdrawals,
        submissions,
        submission_files,
        hosts_desk,
        room,
        announcements,
        calendars,
        workshop_closure,
        workshop_covers,
        workshop_members,
        activities,
        activity_phases,
        activity_sign_ins,
        attendance,
        posts,
        surveys,
        appeals,
        discipline,
        doubles,
        held,
        measures,
        moderation,
        reports,
        word_list,
        workshop_applications,
        featurings,
        workshop_withdrawals,
    ):
        app.router.routes.extend(module.router.routes)  # as they are: include_router would build each of them anew
    app.router.routes.extend(upload_routes(database, settings, clock).routes)
    answer_errors(app)
    app.add_middleware(Hurried)
    app.add_middleware(Bounded, most=partial(largest_request, settings))
    app.add_middleware(
        GZipMiddleware, minimum_size=1000, exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *NEVER_SMALLER)
    )
    app.add_middleware(Readable)
    app.add_middleware(SameSite)
    app.add_middleware(Sealed)
    return app
