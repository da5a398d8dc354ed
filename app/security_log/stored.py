"""Which events the log stores: all that do not say why not."""

from app.core.events import EVENTS, Event
from app.core.registry import load_features
from app.features import FEATURES

load_features(FEATURES)  # declares the events of every feature

# By their kind, in the order of FEATURES.
STORED: dict[str, type[Event]] = {
    kind: event for kind, event in EVENTS.items() if not event.not_stored
}
