"""What the doctor finds about roles."""

from collections.abc import Iterator

from app.core.registry import registry
from app.roles import service


def doctor() -> Iterator[str]:
    """Yield a sentence for each role that holds what no feature declares any more."""
    for line in service.list_roles():
        if gone := [name for name in line.permissions if name not in registry().permissions]:
            yield (
                f"The role {line.name} holds {', '.join(gone)}, which no feature declares: "
                f"say what it shall hold with `flask roles set {line.name} --permission ...`."
            )
