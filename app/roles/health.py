"""What the doctor finds about roles."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from app.core.house import house
from app.roles import service


def doctor() -> Iterator[str]:
    """Yield a sentence for each role that holds what no feature declares any more."""
    try:
        lines = service.list_roles()
    except SQLAlchemyError:
        return  # the database is another finding
    for line in lines:
        if gone := [name for name in line.permissions if name not in house().permissions]:
            yield (
                f"The role {line.name} holds {', '.join(gone)}, which no feature declares: "
                f"say what it shall hold with `flask roles set {line.name} --permission ...`."
            )
