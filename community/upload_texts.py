"""What uploads say: their texts, by which much alike ones are found."""

from collections.abc import Sequence
from typing import ClassVar

from msgspec import json
from sqlalchemy import Index, delete, insert
from sqlmodel import Field, Session, SQLModel, col

from community.likeness import bands_of, sketch_of
from points.tables import Long, Name


class UploadText(SQLModel, table=True):
    """What an upload says, its outline (level and line) and the sketch of its text, as JSON."""

    __tablename__: ClassVar[str] = "upload_text"
    __table_args__ = ({"info": {"distribution": "upload"}},)

    upload: str = Field(primary_key=True, sa_type=Name)
    text: str = Field(sa_type=Long)
    outline: str = Field(sa_type=Long)
    sketch: str = Field(sa_type=Long)


class Band(SQLModel, table=True):
    """A piece of the sketch of an upload's text: alike texts share one."""

    __tablename__: ClassVar[str] = "upload_band"
    __table_args__ = (Index("upload_band_of", "upload"), {"info": {"distribution": "band"}})

    band: str = Field(primary_key=True, sa_type=Name)
    upload: str = Field(primary_key=True, sa_type=Name)


def note_text(session: Session, upload: str, text: str, outline: Sequence[tuple[int, str]]) -> None:
    """Keep what an upload says, if it says anything."""
    if not text and not outline:
        return
    sketch = sketch_of(text)
    session.execute(
        insert(UploadText).values(
            upload=upload, text=text, outline=json.encode(outline).decode(), sketch=json.encode(sketch).decode()
        )
    )
    if bands := bands_of(sketch):
        session.execute(insert(Band), [{"band": band, "upload": upload} for band in bands])


def forget_text(session: Session, upload: str) -> None:
    """Take it away with the upload."""
    session.execute(delete(UploadText).where(col(UploadText.upload) == upload))
    session.execute(delete(Band).where(col(Band.upload) == upload))
