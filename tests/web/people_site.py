"""What stories about people have in common."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from httpx2 import Response
from openpyxl import Workbook
from sqlmodel import col, select

from community.letters import Letter
from community.people import Person
from community.rosters import COLUMNS
from tests.site import OURS, Site, key_of

SECRET = re.compile(r"/password/([\w-]{16,43})")


def letters_to(site: Site, address: str) -> list[Letter]:
    """The letters to an address, in their order."""
    with site.database.reading() as session:
        found = session.exec(select(Letter).where(col(Letter.address) == address).order_by(col(Letter.id))).all()
        session.expunge_all()
    return list(found)


def secret_in(text: str) -> str:
    """The ticket that a page or a letter leads to."""
    found = SECRET.search(text)
    assert found is not None
    return found[1]


def give_mail(site: Site, person: Person, mail: str) -> None:
    with site.database.writing() as session:
        session.get_one(Person, person.id).mail = mail


def person_now(site: Site, id: str) -> Person:
    with site.database.reading() as session:
        found = session.get_one(Person, id)
        session.expunge(found)
    return found


def person_with_number(site: Site, number: str) -> Person | None:
    with site.database.reading() as session:
        found = session.exec(select(Person).where(col(Person.staff_number) == number)).one_or_none()
        session.expunge_all()
    return found


def excel(*rows: tuple[object, ...], headings: tuple[str, ...] = COLUMNS) -> bytes:
    """A file of Excel as somebody might make it."""
    book, made = Workbook(), BytesIO()
    assert book.active is not None
    for row in (headings, *rows):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def bomb() -> bytes:
    """A small file that unpacks to 60 MB."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (60 << 20))
    return made.getvalue()


def sheet_of(cells: bytes) -> bytes:
    """A file of Excel whose sheet goes on with these cells."""
    packed, made = ZipFile(BytesIO(excel())), BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as changed:
        for name in packed.namelist():
            part = packed.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", cells + b"</sheetData>")
            changed.writestr(name, part)
    return made.getvalue()


def hand_in(site: Site, content: bytes, name: str = "roster.xlsx") -> Response:
    """Upload a roster."""
    key = key_of(site.get("/people/rosters/new"))
    return site.browser.post("/people/rosters", data={"key": key}, files={"file": (name, content)}, headers=OURS)
