"""Where this project lies, and what its environment says."""

import os
from pathlib import Path

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    """Return the process environment over the values of the project's own .env.

    The file is named by its path, never searched for: a search upwards from the working
    directory would take the settings of whatever project lies around this one. Nothing in it is
    expanded: a password may hold ${ and mean it.
    """
    values = dotenv_values(ROOT / ".env", interpolate=False).items()
    return {**{name: value for name, value in values if value is not None}, **os.environ}
