"""What the development server opens beside the pages of the application."""

from flask import Flask

DEVELOPMENT = "/dev/"


class PortTaken(Exception):
    """Another program listens on a port that is needed.

    Attributes:
        port: its number.
        purpose: what it is needed for, e.g. ``for the local provider``.
        cure: a sentence, where another port for the application would not help.
    """

    def __init__(self, port: int, purpose: str, cure: str = "") -> None:
        super().__init__(f"Port {port}, {purpose}, is in use. {cure}".rstrip())
        self.port, self.purpose, self.cure = port, purpose, cure


def announce(app: Flask, what: str, address: str) -> None:
    """Have the development server say that something is served at another address."""
    app.extensions.setdefault("beside", []).append((what, address))


def announced(app: Flask) -> list[tuple[str, str]]:
    """Return what there is to open in development, each with its address."""
    inboxes = [
        (rule.endpoint.partition(".")[0].replace("_", " ").capitalize(), rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(DEVELOPMENT) and not rule.arguments
    ]
    pages = [(what, f"{app.config['PUBLIC_URL']}{path}") for what, path in inboxes]
    return [*pages, *app.extensions.get("beside", [])]
