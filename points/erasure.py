"""What may be erased of the ledger: the words that a person wrote. The chain keeps their digest, and still holds."""

from msgspec import json
from sqlalchemy import text
from sqlmodel import Session

WORDS = """
    UPDATE words SET words = NULL
    WHERE fact IN (SELECT id FROM fact WHERE actor = :teacher OR (verb = 'retract' AND details = :retracted))
"""


def erase_words(session: Session, teacher: str) -> None:
    """Erase the words of all facts that the teacher reported, and why their participations were retracted."""
    retracted = json.encode({"teacher": teacher}).decode()
    session.execute(text(WORDS), {"teacher": teacher, "retracted": retracted})
