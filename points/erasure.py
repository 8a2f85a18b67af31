"""What may be erased of the ledger: the words that a person wrote. The chain keeps their digest, and still holds."""

from sqlalchemy import text
from sqlmodel import Session


def erase_words(session: Session, teacher: str) -> None:
    """Erase the words of all facts that the teacher reported (reasons, appeals)."""
    session.execute(
        text("UPDATE words SET words = NULL WHERE fact IN (SELECT id FROM fact WHERE actor = :teacher)"),
        {"teacher": teacher},
    )
