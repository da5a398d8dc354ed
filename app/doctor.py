"""`flask doctor`: everything that stands between this installation and a good night's sleep."""

from collections.abc import Callable, Iterable

import click

from app.core.containment import Broken, contained
from app.core.health import DOCTOR_CHECKS, DOCTOR_NOTES
from app.core.project import environment
from app.core.settings import SettingsRefused


@click.command()
def doctor() -> None:
    """Say what is wrong with this installation, each with its cure."""
    for sentence in find_words():
        click.echo(sentence)
    faults = find_faults()
    for fault in faults:
        click.echo(f"- {fault}")
    if faults:
        raise SystemExit(1)
    click.echo("All is well.")


def find_faults() -> list[str]:
    """Return a sentence a fault; the settings come first, for without them nothing else runs."""
    from app import create_app  # building the application may be the very thing that fails

    try:
        app = create_app(environment())
    except SettingsRefused as refusal:
        return [str(fault) for fault in refusal.faults]
    with app.app_context():
        checks = list(DOCTOR_CHECKS)
    faults: list[str] = []
    stopped = []
    for check in checks:
        with app.app_context():  # its own, so that a broken transaction ends with it
            try:
                faults += contained(_look, check)
            except Broken as broken:
                # It must not silence the checks behind it: whoever calls the doctor has something
                # broken already.
                stopped.append(f"{check.__module__} could not look: {broken}.")
    # Where tables are missing nobody can look, and the check that minds them has said so.
    return faults or stopped


def _look(check: Callable[[], Iterable[str]]) -> list[str]:
    return list(check())


def find_words() -> list[str]:
    """Return what is good to know and no fault; nothing while the settings do not stand."""
    from app import create_app

    try:
        app = create_app(environment())
    except SettingsRefused:
        return []
    with app.app_context():
        return [sentence for tell in DOCTOR_NOTES for sentence in tell()]
