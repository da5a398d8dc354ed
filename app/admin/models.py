"""The directory: under which words an account is found."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import PERSONAL, PLAIN
from app.extensions import db

LONGEST_KEY = 320
# Compared byte by byte on every database: in the order of a language, what begins with the same
# letters need not stand side by side, and no index finds it.
Key = String(LONGEST_KEY).with_variant(String(LONGEST_KEY, collation="C"), "postgresql")


class DirectoryEntry(db.Model):  # type: ignore[misc,name-defined]
    """An account under its address or its name, with the case folded away."""

    __tablename__ = "directory_entry"
    # Those that begin with the same letters are one stretch of this index.
    __table_args__ = (Index("ix_directory_entry_key_user_id", "key", "user_id"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    # "email" or "name".
    field: Mapped[str] = mapped_column(String(5), primary_key=True, info=PLAIN)
    key: Mapped[str] = mapped_column(Key, info=PERSONAL)
