"""Trusted browsers on the page of devices: a bridge to the feature of devices."""

from flask import Flask

from app.core.slots import SLOTS, SlotPart


def init_app(app: Flask) -> None:
    """Show which browsers are not asked for a second factor."""
    SLOTS.add(app, SlotPart("devices.index", "second_factor/trusted_browsers.html"))
