"""What the walk through the house must know of example things."""

from app.example_things.models import ExampleThing
from app.extensions import db
from tests.house.planted import HOSTILE
from tests.house.walk import Known, Walk


def add(walk: Walk) -> None:
    """Let the user have one."""
    assert walk.browser("user").submit("/example-things/new", title=HOSTILE).status_code == 303


SENT: dict[str, dict[str, str]] = {}
SENT["example_things_api.OneExampleThing"] = {"title": "First"}  # feature: api

KNOWN = Known(
    things={
        ("example_things", "public_id"): lambda: db.session.scalar(
            db.select(ExampleThing.public_id)
        )
    },
    sent=SENT,
    shown={
        "user": {"example_things.index", "example_things.change", "example_things.ask_to_delete"}
    },
    prepare=add,
)
