"""What programs alone have: no page shows the document."""

from typing import Any

CASES: list[Any] = []
PROGRAMS_ALONE = {"GET /openapi.json"}
