"""The development server, `make run`: it reloads, and opens a debugger on unhandled errors.

Two processes. The first holds the port and watches the files; it imports nothing of the
application, so it starts at once and no mistake in the code can stop it. The second serves the
application and is replaced when a file changes. Templates need no restart.

Outside the package `app`, because it must also run while that package cannot be imported.
"""

import argparse
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

ROOT = Path(__file__).resolve().parent
INTERVAL = 0.3  # seconds between two looks at the files
PATIENCE = 5.0  # seconds for the serving process to end
# Nothing below these is part of the running application.
NOT_WATCHED = {"deploy", "docs", "migrations", "tests"}


class CannotServe(Exception):
    """The server cannot start, for a reason that one sentence explains."""


def say(line: str) -> None:
    """Write a line to the terminal, at once even where the output is a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# --- The port -------------------------------------------------------------------------------------


def is_free(port: int) -> bool:
    """Return whether nothing listens on a port of this machine, by IPv4 or IPv6.

    A browser tries both for localhost, and would show the other program's pages.
    """
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            socket.create_server((host, port), family=family).close()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
    return True


def free_port(above: int) -> int:
    """Return a port that is free, as is the next one, which the local provider may need."""
    candidates = (*range(above + 10, 65_000, 10), *range(8000, above, 10))
    return next((port for port in candidates if is_free(port) and is_free(port + 1)), 0)


def taken(port: int, purpose: str, cure: str = "") -> CannotServe:
    """Return the refusal for a port that another program uses, with what helps."""
    cure = cure or f"Try: make run PORT={free_port(port)}"
    return CannotServe(f"Port {port}, {purpose}, is in use. {cure}")


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        CannotServe: the port is in use, or the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if port and not is_free(port):
        raise taken(port, "for the application")
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise CannotServe(f"{host}, port {port}, cannot be used: {error.strerror}.") from None


# --- The process that watches ---------------------------------------------------------------------


def watched(root: Path = ROOT) -> dict[str, int]:
    """Return when each Python file and .env was last changed."""
    found: dict[str, int] = {}
    folders = [str(root)]
    while folders:
        folder = folders.pop()
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if entry.is_dir(follow_symlinks=False):
                    top = folder == str(root) and name in NOT_WATCHED
                    if not (top or name.startswith(".") or name in ("__pycache__", "node_modules")):
                        folders.append(entry.path)
                elif name.endswith(".py") or entry.path == str(root / ".env"):
                    with suppress(OSError):  # it has just been removed
                        found[entry.path] = entry.stat().st_mtime_ns
    return found


def changed(before: dict[str, int], after: dict[str, int]) -> str | None:
    """Return the path of a file that was changed, added or removed."""
    paths = {path for path, _ in before.items() ^ after.items()}
    return os.path.relpath(min(paths), ROOT) if paths else None


def settled(state: dict[str, int]) -> dict[str, int]:
    """Return the state of the files when nothing has changed for a moment: git writes many."""
    while True:
        time.sleep(INTERVAL / 3)
        now = watched()
        if now == state:
            return now
        state = now


@contextmanager
def kept_terminal() -> Iterator[None]:
    """Leave the terminal as it was: a debugger that is ended leaves it without an echo."""
    if not sys.stdin or not sys.stdin.isatty():
        yield
        return
    import termios

    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        if termios.tcgetattr(sys.stdin) != before:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextmanager
def serving_process(listener: socket.socket, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the process that serves, and end it with the block.

    It also ends when this process is killed: the pipe it reads from is closed then.
    """
    reading, writing = os.pipe()
    given = ("--socket", str(listener.fileno()), "--lifeline", str(reading))
    command = [sys.executable, "-m", "devserver", *given, *options]
    kept = (listener.fileno(), reading)
    with kept_terminal():
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=kept)  # noqa: S603 - our own module
        os.close(reading)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(writing)


def wait_for_change(
    state: dict[str, int], process: "subprocess.Popen[bytes] | None"
) -> tuple[dict[str, int], str | None]:
    """Return the state of the files and the one that changed; none if the process has ended."""
    while process is None or process.poll() is None:
        time.sleep(INTERVAL)
        now = watched()
        if path := changed(state, now):
            return settled(now), path
    return state, None


def supervise(listener: socket.socket, options: list[str]) -> int:
    """Serve, and serve again after each change of a file; return an exit status at the end."""
    state = watched()
    path: str | None = None
    while True:
        about = ["--reason", path] if path else []
        with serving_process(listener, *options, *about) as process:
            state, path_now = wait_for_change(state, process)
        if path_now is None:
            if path is None:
                return process.returncode
            say("The application has ended. It starts again when a file changes.")
            state, path_now = wait_for_change(state, None)
        path = path_now


# --- The process that serves ----------------------------------------------------------------------


def may_debug(app_env: str, host: str) -> bool:
    """Return whether errors may open the debugger, in which a browser runs any code.

    Args:
        app_env: the setting APP_ENV.
        host: the numerical address that is listened on.
    """
    return app_env == "development" and ip_address(host).is_loopback


class Served:
    """What answers requests: the application, or the error that building it ended in.

    The debugger computes its PIN from the name of this class, so a restart does not change it.
    """

    def __init__(self, listener: socket.socket, *, debugger: bool) -> None:
        self.host, self.port = listener.getsockname()[:2]
        self.debugger = debugger
        self.app: Flask | None = None
        self.error: Exception | None = None

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer a request, or raise the error, which the debugger then shows."""
        if self.app is None:
            raise self.error or RuntimeError("The application is not built yet.")
        return self.app.wsgi_app(environ, start_response)

    def build(self) -> None:
        """Build the application, with what a developer needs and nobody else may have.

        Raises:
            CannotServe: the settings are not complete, or a port is in use.
        """
        from app import config, create_app
        from app.core.beside import PortTaken
        from app.core.settings import SettingsRefused

        environ = config.environment()
        environ["PUBLIC_URL"] = os.environ.get("PUBLIC_URL") or f"http://localhost:{self.port}"
        environ.setdefault("SERVE_LOCAL_PROVIDER", "1")  # feature: social
        try:
            app = create_app(environ)
        except SettingsRefused as refusal:
            raise CannotServe(str(refusal)) from None
        except PortTaken as found:
            raise taken(found.port, found.purpose, found.cure) from None
        self.app = app
        app.jinja_env.auto_reload = True  # a changed template shows at once
        if self.debugger and may_debug(self.app_env, self.host):
            app.debug = True  # errors reach the debugger
            app.json.compact = True  # type: ignore[attr-defined]  # as in production

    @property
    def app_env(self) -> str:
        """The setting APP_ENV, also where the application cannot be built."""
        if self.app is not None:
            return str(self.app.config["APP_ENV"])
        from dotenv import dotenv_values

        from_file = dotenv_values(ROOT / ".env", interpolate=False).get("APP_ENV")
        return os.environ.get("APP_ENV") or from_file or "production"


# feature: accounts
def upgrade_database(app: "Flask") -> None:
    """Bring the tables up to date, in the process that has loaded the application already."""
    from flask_migrate import upgrade

    with app.app_context():
        upgrade(str(ROOT / "migrations"))


# endfeature
def with_debugger(served: Served) -> "tuple[WSGIApplication, str]":
    """Put the debugger in front of an application, and return it with a line that says so.

    In production, and where other machines can send requests, there is none.
    """
    from werkzeug.debug import DebuggedApplication

    if not served.debugger:
        return served, "No debugger: errors show the page that visitors see."
    if served.app_env != "development":
        return served, "No debugger: APP_ENV is not development."
    if not may_debug(served.app_env, served.host):
        return served, f"No debugger: other machines can reach {served.host}."
    debugger = DebuggedApplication(served, evalex=True, pin_logging=False)
    return debugger, f"Debugger PIN: {debugger.pin or 'none is asked for'}"


def serve(listener: socket.socket, *, reason: str | None, debugger: bool) -> None:
    """Serve the application on a socket that listens, until this process ends.

    Args:
        listener: where requests come in.
        reason: the file whose change made this start necessary. At the first start there is none;
            the database is upgraded then, and an error ends the process.
        debugger: whether an error opens the debugger, where it may.
    """
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    served, began = Served(listener, debugger=debugger), time.monotonic()
    if reason:
        say(f"{reason} has changed: starting again.")
    try:
        served.build()
        if not reason and served.app:  # feature: accounts
            upgrade_database(served.app)  # feature: accounts
    except Exception as error:
        if not reason:
            raise
        served.error = error
        report(error)
    answer, line = with_debugger(served)
    server = make_server(served.host, served.port, answer, threaded=True, fd=listener.fileno())
    if reason:
        took = f"{time.monotonic() - began:.1f} s"
        say(f"Serving again after {took}." if served.app else "Waiting for the next change.")
    elif served.app:
        greet(served.app, line)
    server.serve_forever()


def report(error: Exception) -> None:
    """Write an error to the terminal: a sentence where it is one, else its traceback."""
    if isinstance(error, CannotServe):
        sys.stderr.write(f"{error}\n")
    else:
        traceback.print_exception(error)


def greet(app: "Flask", line: str) -> None:
    """Say what is served where."""
    from app.core.beside import announced

    say(f"Serving on {app.config['PUBLIC_URL']} - stop with Ctrl+C")
    for what, address in announced(app):
        say(f"  {what}: {address}")
    say(f"  {line}")


def end_with(lifeline: int) -> None:
    """End this process when the one that watches has ended, however it ended."""

    def wait() -> None:
        os.read(lifeline, 1)
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


# --- The command ----------------------------------------------------------------------------------


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devserver", description="Serve while editing.")
    parser.add_argument("--host", default="localhost", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-reload", action="store_true", help="serve in this process")
    parser.add_argument("--no-debugger", action="store_true", help="show the page for visitors")
    for internal, kind in (("--socket", int), ("--lifeline", int), ("--reason", str)):
        parser.add_argument(internal, type=kind, help=argparse.SUPPRESS)
    return parser.parse_args()


def run(given: argparse.Namespace) -> int:
    """Do what the arguments ask for, and return an exit status."""
    debugger = not given.no_debugger
    if given.socket is not None:
        end_with(given.lifeline)
        serve(socket.socket(fileno=given.socket), reason=given.reason, debugger=debugger)
        return 0
    listener = listen(given.host, given.port)
    if given.no_reload:
        serve(listener, reason=None, debugger=debugger)
        return 0
    return supervise(listener, [] if debugger else ["--no-debugger"])


def main() -> int:
    """Serve, and turn an end by Ctrl+C or by an error into an exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        return run(_arguments())
    except KeyboardInterrupt:
        return 0
    except CannotServe as refusal:
        report(refusal)
        return 1


if __name__ == "__main__":
    sys.exit(main())
