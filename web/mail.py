"""The post: letters go out by SMTP, are tried again when they cannot, and are given up at last.

A letter goes out at least once: its server may have taken it just before we were killed, and then it goes out again,
under the same Message-ID, by which mailboxes know it again. Otherwise once, however many processes send.
"""

import asyncio
import logging
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from sqlmodel import Session, col, or_, select

from community.letters import WORTH, Letter, note_sent
from points.years import SHANGHAI
from web.database import Database
from web.digests import write_digests
from web.settings import Settings

log: Final = logging.getLogger("gongyan")
PAUSE: Final = 5.0
"""Seconds between two looks for letters."""
LONGEST_PAUSE: Final = 300.0
TIMEOUT: Final = 30.0
"""Seconds that the server may take for an answer."""
CLAIM: Final = timedelta(minutes=10)
"""So long a letter belongs to who is about to send it."""
AGAIN_AFTER: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
"""Pauses after each try; there is one try more than pauses."""
TRIES: Final = len(AGAIN_AFTER) + 1

ADDRESS: Final = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+@[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+")


class MailError(Exception):
    """The settings for mail are of no use; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in, and in whose name. `tls` is starttls, implicit or none."""

    host: str
    port: int
    tls: str
    user: str | None
    password: str | None
    sender: str
    here: str

    def __str__(self) -> str:
        return f"{self.host}:{self.port}, tls {self.tls}, as {self.sender}"

    def client(self) -> SMTP:
        """A connection to be opened."""
        return SMTP(
            hostname=self.host, port=self.port, username=self.user, password=self.password, timeout=TIMEOUT,
            use_tls=self.tls == "implicit", start_tls=self.tls == "starttls", local_hostname=self.here,
            tls_context=None if self.tls == "none" else ssl.create_default_context(),
        )  # fmt: skip


FORMS: Final = "it should look like smtp://user:password@host:587 (with ?tls=implicit or ?tls=none if need be)"


def mail_server(settings: Settings) -> MailServer | None:
    """The server that the settings name; None without. Raises MailError."""
    if not settings.mail_server:
        return None
    here = urlsplit(settings.site_url).hostname or "localhost"
    sender = settings.mail_from or f"noreply@{here}"
    try:
        parts = urlsplit(settings.mail_server)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise MailError(f"GONGYAN_MAIL_SERVER is no address of a server; {FORMS}.") from None
    tls = parse_qs(parts.query).get("tls", ["starttls"])[-1]
    if parts.scheme != "smtp" or not host or tls not in PORTS:
        raise MailError(f"GONGYAN_MAIL_SERVER is no address of a server; {FORMS}.")
    if "\n" in sender or not ADDRESS.fullmatch(parseaddr(sender)[1]):
        raise MailError("GONGYAN_MAIL_FROM is no mail address; it should look like Gongyan <noreply@example.org>.")
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return MailServer(host, port or PORTS[tls], tls, user, password, sender, here)


PORTS: Final = {"starttls": 587, "implicit": 465, "none": 25}


async def keep_mailing(database: Database, clock: Callable[[], datetime], settings: Settings) -> None:
    """Write digests and send letters until cancelled. Failures are logged, and tried again more slowly."""
    server, wait = mail_server(settings), PAUSE
    while True:
        failed = False
        try:
            await asyncio.to_thread(write_digests, database, clock(), settings.site_url)
        except Exception:
            log.exception("Writing digests failed; it is tried again.")
            failed = True
        try:
            if server is not None:
                await send_letters(database, server, clock)
        except (OSError, SMTPException) as error:
            log.warning("The mail server cannot be used (%s); it is tried again.", error)
            failed = True
        except Exception:
            log.exception("Mailing failed; it is tried again.")
            failed = True
        wait = min(LONGEST_PAUSE, 2 * wait) if failed else PAUSE
        await asyncio.sleep(wait)


async def send_letters(database: Database, server: MailServer, clock: Callable[[], datetime]) -> None:
    """Send all letters that are due. Raises OSError or SMTPException when the server is away or lets nobody in.

    A server that is away, or that takes nothing from us, costs no letter a try.
    """
    if not await asyncio.to_thread(_any_due, database, clock()):
        return
    async with server.client() as client:
        while (letter := await asyncio.to_thread(_claim, database, clock())) is not None:
            try:
                await client.send_message(mail_of(letter, server), recipients=[letter.address], sender=_bare(server))
            except SMTPSenderRefused as error:
                # Not the letter is at fault but our settings: a password is asked for, or another sender.
                await asyncio.to_thread(_put_back, database, letter, f"{error.code} {error.message}")
                raise
            except (SMTPException, OSError, ValueError) as error:
                reason, final = _reason(error)
                await asyncio.to_thread(_not_sent, database, letter, clock(), reason, final)
                log.warning("The letter %s was not sent (%s).", letter.id, reason)
                if not client.is_connected:
                    raise
            else:
                await asyncio.to_thread(_sent, database, letter, clock())


def mail_of(letter: Letter, server: MailServer) -> EmailMessage:
    """The letter as it is mailed. Raises ValueError for an address that is none."""
    if not ADDRESS.fullmatch(letter.address):
        raise ValueError("no mail address")
    mail = EmailMessage()
    mail["Subject"] = _header(letter.subject)
    mail["From"] = formataddr(tuple(map(_header, parseaddr(server.sender))))  # type: ignore[arg-type]
    mail["To"] = letter.address
    mail["Date"] = format_datetime(letter.written_at.astimezone(SHANGHAI))
    mail["Message-ID"] = f"<{letter.id}@{server.here}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    return mail


def _header(text: str) -> str:
    """One line, without what could end it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _bare(server: MailServer) -> str:
    return parseaddr(server.sender)[1]


def _reason(error: Exception) -> tuple[str, bool]:
    """Why a letter was not taken, and whether that is final: answers from 500 on, and addresses that are none."""
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        error = error.recipients[0]
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"[:500], error.code >= 500
    return (str(error) or type(error).__name__)[:500], isinstance(error, ValueError)


def _due(now: datetime) -> tuple[object, ...]:
    return (
        col(Letter.sent_at).is_(None), col(Letter.tries) < TRIES, col(Letter.written_at) > now - WORTH,
        or_(col(Letter.due_at).is_(None), col(Letter.due_at) <= now),
    )  # fmt: skip


def _any_due(database: Database, now: datetime) -> bool:
    with database.reading() as session:
        return session.exec(select(Letter.id).where(*_due(now)).limit(1)).first() is not None  # type: ignore[arg-type]


def _claim(database: Database, now: datetime) -> Letter | None:
    """The letter that is next, ours for a time; committed before it is sent."""
    with database.writing() as session:
        next_one = select(Letter).where(*_due(now)).order_by(col(Letter.written_at), col(Letter.id)).limit(1)  # type: ignore[arg-type]
        letter = session.exec(next_one.with_for_update(skip_locked=True)).first()
        if letter is None:
            return None
        letter.tries, letter.due_at = letter.tries + 1, now + CLAIM
        session.flush()
        session.expunge(letter)
        return letter


def _sent(database: Database, letter: Letter, now: datetime) -> None:
    with database.writing() as session:
        note_sent(session, letter.id, now)


def _put_back(database: Database, letter: Letter, reason: str) -> None:
    with database.writing() as session:
        found = _again(session, letter)
        found.tries, found.due_at, found.failed = found.tries - 1, None, reason


def _not_sent(database: Database, letter: Letter, now: datetime, reason: str, final: bool) -> None:
    with database.writing() as session:
        found = _again(session, letter)
        found.failed = reason
        if final:
            found.tries = TRIES
        found.due_at = None if found.tries >= TRIES else now + AGAIN_AFTER[found.tries - 1]


def _again(session: Session, letter: Letter) -> Letter:
    return session.exec(select(Letter).where(col(Letter.id) == letter.id)).one()
