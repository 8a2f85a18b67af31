"""Mail, by a real SMTP server: once, at last, and never to somebody else."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from aiosmtplib import SMTPException
from sqlmodel import select

from community.letters import WORTH, Letter, write_letter
from community.notice_wishes import wish
from community.notices import NoticeToMail, tell
from community.people import Person
from community.shelf import Disk
from community.words import say
from tests.site import Site
from web.database import Database
from web.digests import WAIT, write_digests
from web.mail import TRIES, MailError, mail_server, send_letters
from web.settings import Settings
from web.tidying import tidy

URL = "https://gongyan.example"


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    site = Site(database)
    yield site
    site.app.state.database.dispose()


class Mailbox:
    """What a server took; `answers` are those that it gives instead of a yes, by recipient."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self.after_data = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.after_data.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
        return self.after_data


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextmanager
def smtp(port: int, **more: Any) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@pytest.fixture
def port() -> int:
    return free_port()


def settings(port: int, query: str = "?tls=none", user: str = "") -> Settings:
    return Settings(mail_server=f"smtp://{user}127.0.0.1:{port}{query}", mail_from="共研 <no@gongyan.example>")


def send(site: Site, given: Settings) -> None:
    server = mail_server(given)
    assert server is not None
    asyncio.run(send_letters(site.database, server, lambda: site.now))


def write(site: Site, to: str = "lin@example.org", subject: str = "重设密码", text: str = "正文\n.\n完") -> None:
    with site.database.writing() as session:
        write_letter(session, to, subject, text, site.now)


def letters(site: Site) -> list[Letter]:
    with site.database.reading() as session:
        found = session.exec(select(Letter).order_by("id")).all()
        session.expunge_all()
        return list(found)


def test_a_letter_is_delivered_once_with_its_words(site: Site, port: int) -> None:
    write(site)
    with smtp(port) as mailbox:
        send(site, settings(port))
        send(site, settings(port))

    (mail,) = mailbox.mails
    assert (mail["Subject"], mail["To"], mail["From"]) == (
        "重设密码", "lin@example.org", "共研 <no@gongyan.example>"
    )  # fmt: skip
    assert mail.get_content().split() == ["正文", ".", "完"]
    assert mail["Message-ID"].startswith("<letter-")
    assert letters(site) == []  # the address is nobody's


def test_a_server_that_is_away_costs_nothing_and_the_letter_goes_out_when_it_is_back(site: Site, port: int) -> None:
    write(site)
    for _ in range(TRIES + 2):
        with pytest.raises((OSError, SMTPException)):
            send(site, settings(port))
    assert letters(site)[0].tries == 0
    with smtp(port) as mailbox:
        send(site, settings(port))
    assert len(mailbox.mails) == 1


def test_who_is_refused_for_good_is_given_up_with_the_reason_and_others_get_theirs(site: Site, port: int) -> None:
    write(site, "gone@example.org")
    write(site, "lin@example.org")
    with smtp(port) as mailbox:
        mailbox.answers["gone@example.org"] = "550 no such mailbox"
        send(site, settings(port))
        site.now += timedelta(days=1)
        send(site, settings(port))

    (gone,) = letters(site)
    assert mailbox.recipients == ["lin@example.org"]
    assert (gone.sent_at, gone.failed, gone.tries) == (None, "550 no such mailbox", TRIES)


def test_what_is_put_off_is_tried_again_more_and_more_slowly_and_then_given_up(site: Site, port: int) -> None:
    write(site)
    began = site.now
    with smtp(port) as mailbox:
        mailbox.answers["lin@example.org"] = "451 later"
        send(site, settings(port))
        for tries, minute in enumerate((1, 6, 36, 156, 516, 1236), start=1):
            site.now = began + timedelta(minutes=minute, seconds=-1)
            send(site, settings(port))
            assert letters(site)[0].tries == tries
            site.now = began + timedelta(minutes=minute)
            send(site, settings(port))
            assert letters(site)[0].tries == tries + 1
        mailbox.answers.clear()
        site.now += timedelta(days=3)
        send(site, settings(port))
    assert letters(site)[0].tries == TRIES
    assert letters(site)[0].failed == "451 later"
    assert mailbox.mails == []


def test_what_was_put_off_goes_out_once_it_is_taken(site: Site, port: int) -> None:
    reachable(site)
    write(site)
    with smtp(port) as mailbox:
        mailbox.after_data = "452 full"
        send(site, settings(port))
        mailbox.after_data = "250 OK"
        send(site, settings(port))
        assert mailbox.mails == []
        site.now += timedelta(minutes=1)
        send(site, settings(port))
    assert len(mailbox.mails) == 1
    assert letters(site)[0].failed is None


def test_two_processes_send_each_letter_once(site: Site, port: int) -> None:
    for number in range(20):
        write(site, f"t{number}@example.org")
    with smtp(port) as mailbox, ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(send, site, settings(port)) for _ in range(4)]:
            done.result()
    assert sorted(mailbox.recipients) == sorted(f"t{number}@example.org" for number in range(20))


def test_a_letter_whose_sender_was_killed_goes_out_later_under_the_same_name(site: Site, port: int) -> None:
    write(site)
    with smtp(port) as mailbox:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("web.mail._sent", killed)
            with pytest.raises(KeyboardInterrupt):
                send(site, settings(port))
        send(site, settings(port))
        assert len(mailbox.mails) == 1
        site.now += timedelta(minutes=10)
        send(site, settings(port))
        send(site, settings(port))
    assert len(mailbox.mails) == 2
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_letters_are_forgotten_the_day_after_they_were_sent_or_once_nobody_will_send_them(
    site: Site, port: int, tmp_path: Path
) -> None:
    reachable(site)
    write(site)
    with smtp(port):
        send(site, settings(port))
    write(site, subject="寄不出")
    tidy(site.database, Disk(tmp_path), site.now + timedelta(days=1))
    assert [(letter.subject, letter.sent_at) for letter in letters(site)] == [("重设密码", site.now), ("寄不出", None)]
    tidy(site.database, Disk(tmp_path), site.now + timedelta(days=1, seconds=1))
    assert [letter.subject for letter in letters(site)] == ["寄不出"]
    tidy(site.database, Disk(tmp_path), site.now + WORTH + timedelta(seconds=1))
    assert letters(site) == []


def test_old_letters_are_not_sent_any_more(site: Site, port: int) -> None:
    write(site)
    site.now += timedelta(days=8)
    with smtp(port) as mailbox:
        send(site, settings(port))
    assert mailbox.mails == []


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\nBcc: c@evil.example",
        "a@b.example, c@evil.example",
        "<a@b.example>",
        "nobody",
        "a b@c.example",
        "@",
    ],
)
def test_what_is_no_address_is_written_to_nobody(site: Site, port: int, address: str) -> None:
    write(site, address)
    with smtp(port) as mailbox:
        send(site, settings(port))
    assert mailbox.recipients == []
    assert letters(site)[0].failed == "no mail address"


def test_no_subject_becomes_a_header(site: Site, port: int) -> None:
    write(site, subject="一\r\nBcc: c@evil.example\r\n\r\n正文\u2028二")
    with smtp(port) as mailbox:
        send(site, settings(port))
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "一 Bcc: c@evil.example 正文 二"
    assert mailbox.recipients == ["lin@example.org"]


def test_the_connection_is_encrypted_and_the_password_is_checked(
    site: Site, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data == LoginPassword(b"user", "p@ss/字".encode()))

    monkeypatch.setattr("web.mail.TIMEOUT", 2.0)
    write(site)
    with smtp(port, tls_context=context, require_starttls=True, authenticator=check, auth_required=True) as mailbox:
        given = settings(port, "", "user:p%40ss%2F%E5%AD%97@")
        with pytest.raises((OSError, SMTPException)):  # a certificate that nobody trusts
            send(site, given)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with pytest.raises(SMTPException):
            send(site, settings(port, "", "user:wrong@"))
        with pytest.raises(SMTPException):
            send(site, settings(port, "?tls=none"))
        assert (mailbox.mails, letters(site)[0].tries) == ([], 0)
        send(site, given)
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    "given",
    [{"mail_server": "host:25"}, {"mail_server": "smtp://"}, {"mail_server": "smtp://host:x"},
     {"mail_server": "smtp://host?tls=maybe"}, {"mail_server": "smtp://host", "mail_from": "nobody"}],
)  # fmt: skip
def test_settings_that_are_of_no_use_are_said(given: dict[str, str]) -> None:
    with pytest.raises(MailError, match=r"^GONGYAN_MAIL_"):
        mail_server(Settings(**given))  # type: ignore[arg-type]


# Notices by mail.


def reachable(site: Site) -> tuple[Person, Person]:
    """林思敏, who has a mail address, and 莫主任, who has none."""
    lin, mo = site.join("林思敏", "莫主任")
    with site.database.writing() as session:
        lin.mail = "lin@example.org"
        session.merge(lin)
    return lin, mo


def decide(site: Site, to: str, count: int = 1) -> None:
    with site.database.writing() as session:
        for number in range(count):
            tell(
                session, "decision", [to], site.now, by=None, address=f"/topics/t{number}", title=f"分数\n{number}",
                decision=say("已被关闭"), reason="重复",
            )  # fmt: skip


def test_notices_wait_for_each_other_and_go_into_one_letter(site: Site) -> None:
    lin, mo = reachable(site)
    decide(site, lin.id, 2)
    decide(site, mo.id)
    write_digests(site.database, site.now + WAIT - timedelta(seconds=1), URL)
    assert letters(site) == []
    site.now += WAIT
    decide(site, lin.id)
    write_digests(site.database, site.now, URL)
    write_digests(site.database, site.now + WAIT, URL)

    (letter,) = letters(site)
    assert (letter.address, letter.subject) == ("lin@example.org", "共研：3 条新通知")
    assert letter.text.splitlines()[:6] == [
        "林思敏老师：", "", "《分数 0》已被关闭", "理由：重复", f"{URL}/topics/t0", ""
    ]  # fmt: skip
    assert letter.text.splitlines()[-1] == f"不想收到这类邮件，可在这里关闭：{URL}/notices/settings"
    with site.database.reading() as session:
        assert session.exec(select(NoticeToMail)).all() == []


def test_a_single_notice_is_the_subject_and_only_what_is_wanted_and_unread_is_mailed(site: Site) -> None:
    lin, mo = reachable(site)
    with site.database.writing() as session:
        wish(session, lin.id, {("mention", "mail"), ("reply", "site")}, site.now)
        for kind in ("reply", "decision", "mention"):
            tell(session, kind, [lin.id], site.now, by=mo.id, address=f"/topics/t#{kind}", title="分数")
    write_digests(site.database, site.now + WAIT, URL)
    assert [letter.subject for letter in letters(site)] == ["共研：莫主任 在《分数》中提到了您"]

    with site.database.writing() as session:
        wish(session, lin.id, {("mention", "mail"), ("mention", "site")}, site.now)
        tell(session, "mention", [lin.id], site.now, by=mo.id, address="/topics/t#9", title="分数")
    site.now += timedelta(minutes=1)
    site.sign_in("林思敏")
    site.post("/notices/readings", kind="")
    write_digests(site.database, site.now + WAIT, URL)
    assert len(letters(site)) == 1


def test_two_who_write_digests_at_once_write_one(site: Site) -> None:
    lin, _ = reachable(site)
    decide(site, lin.id, 3)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write_digests, site.database, site.now + WAIT, URL) for _ in range(4)]:
            done.result()
    assert len(letters(site)) == 1
