"""What goes with a text that is sent in: files and a link, by `uploads` (ids) and `link` of its fields."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from community.contents import traits_of
from community.links import link_of
from community.people import Person
from community.removed_contents import removed_before
from community.text_kinds import Fields
from community.uploads import Upload


def names_beside(session: Session, fields: Fields) -> list[str]:
    """What the files are called, and the link."""
    found = session.execute(select(Upload.id, Upload.name).where(col(Upload.id).in_(fields["uploads"])))
    names = {id: name for id, name in found}
    return [*(names[id] for id in fields["uploads"] if id in names), *([fields["link"]] if fields["link"] else [])]


def removed_beside(session: Session, author: Person, fields: Fields) -> Sequence[str]:
    """The resources with the same content that staff removed."""
    traits = session.exec(select(Upload.traits).where(col(Upload.id).in_(fields["uploads"])))
    files = [traits_of(None, one) for one in traits]
    if fields["link"]:
        files.append(traits_of(link_of(fields["link"]), None))
    return [one.resource for one in removed_before(session, author, files)]
