"""Resources that people share, as tests need them: with uploads that have arrived, and no file on the disk."""

from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from community.ids import new_id
from community.people import Person
from community.prospects import given
from community.sharing import share_resource
from community.uploads import Upload


def uploaded(
    session: Session, owner: Person, now: datetime, name: str = "教案.pdf", kind: str = "application/pdf"
) -> str:
    """An upload of the owner's that has arrived; no other says the same."""
    id = new_id("upload")
    session.execute(
        insert(Upload).values(
            id=id, owner=owner.id, school=owner.school, name=name, kind=kind, bytes=9, traits=f"bytes {id}\ntext {id}",
            began_at=now, arrived_at=now, thumb=False, pages=0,
        )
    )  # fmt: skip
    return id


def shared(
    session: Session, author: Person, now: datetime, title: str = "分层作业", *names: str, kind: str = "plan",
    stage: str = "初中", subject: str = "数学", licence: str = "teaching",
) -> str:  # fmt: skip
    """A resource of the author's with files of these names; its id."""
    uploads = [uploaded(session, author, now, name) for name in names or ("教案.pdf",)]
    resource, _ = share_resource(
        session, author, now, title=title, text="三层作业的教案", kind=kind, stage=stage, subject=subject,
        licence=licence, parts=given(session, author, uploads),
    )  # fmt: skip
    return resource
