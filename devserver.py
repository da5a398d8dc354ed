"""The development server, `make run`: it reloads, and opens a debugger on unhandled errors.

Werkzeug's reloader runs this module twice. The first process holds the port and starts the second
one again when a file changes. The second serves the application, and it alone loads the
application: `flask run --debug` loads it in both. Templates need no restart.

Outside the package `app`, because it must also run while that package cannot be imported.
"""

import argparse
import errno
import logging
import os
import socket
import sys
import tempfile
import threading
import time
import traceback
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.serving import is_running_from_reloader, make_server, run_simple

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

ROOT = Path(__file__).resolve().parent
INTERVAL = 0.5  # seconds between two looks at the files
# Nothing here is part of the running application.
NOT_WATCHED = (*(f"{ROOT}/{name}/*" for name in ("deploy", "docs", "migrations", "tests")),)
PACKAGES = "*/site-packages/*"
FIRST_START = "DEVSERVER_FIRST_START"  # names a file that the first process to serve removes


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


def check_port(port: int) -> None:
    """Refuse a port that another program uses.

    Raises:
        CannotServe: it is in use.
    """
    if port and not is_free(port):
        raise taken(port, "for the application")


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

    def __init__(self, host: str, port: int, *, debugger: bool) -> None:
        self.host, self.port = host, port
        self.debugger = debugger
        self.app: Flask | None = None
        self.error: BaseException | None = None
        self.is_ready = threading.Event()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer a request, or raise the error, which the debugger then shows."""
        self.is_ready.wait()
        if self.app is None:
            if isinstance(self.error, Exception):
                raise self.error
            raise RuntimeError("The application ended while it was built.") from self.error
        return self.app.wsgi_app(environ, start_response)

    def build(self) -> None:
        """Build the application, with what a developer needs and nobody else may have.

        Raises:
            CannotServe: the settings are not complete, or a port is in use.
        """
        from app import create_app
        from app.core.beside import PortTaken
        from app.core.project import environment
        from app.core.settings import SettingsRefused

        environ = environment()
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


def report(error: BaseException) -> None:
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


def begin(served: Served, line: str, *, is_first: bool) -> None:
    """Build the application and say so; an error is shown until a file changes.

    Raises:
        Exception: anything, at the first start, which then ends.
    """
    began = time.monotonic()
    try:
        served.build()
        if is_first and served.app:
            upgrade_database(served.app)  # feature: accounts
            greet(served.app, line)
    # Code that is being edited can raise anything or exit; the server must outlive it.
    except (Exception, SystemExit) as error:
        if is_first:
            raise
        served.error = error
        report(error)
        say("Waiting for the next change.")
    else:
        if not is_first:
            say(f"Serving again after {time.monotonic() - began:.1f} s.")
    # The settings of the application's log have just hidden what Werkzeug says.
    logging.getLogger("werkzeug").setLevel(logging.INFO)
    served.is_ready.set()


def begin_beside(served: Served, line: str) -> None:
    """Build the application while the reloader looks at the files for the first time.

    So it finds each change that is made after the file was read. Requests wait meanwhile.
    """
    is_first = is_first_start()

    def build() -> None:
        try:
            begin(served, line, is_first=is_first)
        # An exception ends only this thread, but the process must end with its reason.
        except (Exception, SystemExit) as error:  # noqa: BLE001 - see above
            report(error)
            sys.stderr.flush()
            os._exit(1)

    threading.Thread(target=build, daemon=True).start()


def only_reloads(record: logging.LogRecord) -> bool:
    """Let through what Werkzeug says of a changed file: the application logs the requests."""
    return "Detected change" in record.getMessage()


def end_with_parent() -> None:
    """End this process when the one that watches has been killed."""
    parent = os.getppid()

    def wait() -> None:
        while os.getppid() == parent:
            time.sleep(INTERVAL)
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def is_first_start() -> bool:
    """Return whether no process has served before this one."""
    try:
        Path(os.environ[FIRST_START]).unlink()
    except FileNotFoundError:
        return False
    return True


# --- The command ----------------------------------------------------------------------------------


def serve(host: str, port: int, *, reload: bool, debugger: bool) -> None:
    """Serve until this process ends, and in two processes if it reloads.

    Args:
        host: the numerical address to listen on.
        port: the port to listen on.
        reload: whether a changed file restarts the application.
        debugger: whether an error opens the debugger, where it may.
    """
    served = Served(host, port, debugger=debugger)
    answer: WSGIApplication = served
    log = logging.getLogger("werkzeug")
    log.setLevel(logging.WARNING)
    log.addFilter(only_reloads)
    if not reload:
        answer, line = with_debugger(served)
        with make_server(host, port, answer, threaded=True) as server:  # listens from here on
            begin(served, line, is_first=True)
            server.serve_forever()
        return
    if is_running_from_reloader():
        answer, line = with_debugger(served)
        begin_beside(served, line)
    run_simple(
        host,
        port,
        answer,
        threaded=True,
        use_reloader=True,
        reloader_type="stat",
        reloader_interval=INTERVAL,  # type: ignore[arg-type]  # it takes fractions
        extra_files=[str(ROOT / ".env")],
        exclude_patterns=[*NOT_WATCHED, PACKAGES],
    )


def address_of(host: str) -> str:
    """Return the numerical address of a name: what is loopback is asked of the address.

    Raises:
        CannotServe: there is none.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise CannotServe(f"{host} cannot be listened on: {error.strerror}.") from None
    return str(min(found)[4][0])


def run(given: argparse.Namespace) -> None:
    """Do what the arguments ask for."""
    host, debugger = address_of(given.host), not given.no_debugger
    if is_running_from_reloader():
        end_with_parent()
        serve(host, given.port, reload=True, debugger=debugger)
        return
    check_port(given.port)
    if given.no_reload:
        serve(host, given.port, reload=False, debugger=debugger)
        return
    with tempfile.TemporaryDirectory() as folder:
        marker = Path(folder, "first-start")
        marker.touch()
        os.environ[FIRST_START] = str(marker)
        serve(host, given.port, reload=True, debugger=debugger)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m devserver", description="Serve while editing.")
    parser.add_argument("--host", default="localhost", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-reload", action="store_true", help="serve in this process")
    parser.add_argument("--no-debugger", action="store_true", help="show the page for visitors")
    return parser.parse_args()


def main() -> int:
    """Serve, and turn an end by Ctrl+C or by an error into an exit status."""
    try:
        run(_arguments())
    except KeyboardInterrupt:
        pass
    except CannotServe as refusal:
        report(refusal)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
