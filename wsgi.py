"""What a server loads: `gunicorn wsgi:app`, `flask run`."""

import sys

from app import create_app
from app.core.settings import SettingsRefused

try:
    app = create_app()
except SettingsRefused as refusal:
    sys.stderr.write(f"{refusal}\n")
    # 3 is gunicorn's own sign that a worker cannot start; with any other status it would
    # start the next worker, and the next, for ever.
    sys.exit(3)
