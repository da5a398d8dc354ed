"""The development server, on a copy of the project: it reloads, debugs, and never in production."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import devserver
from app.core.project import ROOT
from tests.conftest import SETTINGS
from tests.site.development import LOADED, PATIENCE, Running, environment, project, started

__all__ = ["project"]  # a fixture

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def running(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The server in development, for all tests that leave it as they found it."""
    with started(project, tmp_path_factory.mktemp("terminal") / "output") as server:
        yield server


def test_it_says_what_it_serves_and_how_to_debug(running: Running) -> None:
    said = running.said()
    assert f"Serving on http://localhost:{running.port} - stop with Ctrl+C\n" in said
    assert re.search(r"\n  Debugger PIN: \d{3}-\d{3}-\d{3}\n", said)
    # feature: accounts
    assert f"\n  Mailbox: http://localhost:{running.port}/dev/mailbox\n" in said
    # endfeature


def test_changed_code_is_served_and_the_application_is_loaded_once_a_start(
    running: Running,
) -> None:
    assert running.get("/answer") == (200, "before")
    loadings, pin = running.said().count(LOADED), pins(running.said())
    change = ("app/site/views.py", 'return "before"', 'return "after"')
    with running.edited(*change, then="Serving again after"):
        assert running.get("/answer") == (200, "after")
        assert running.said().count(LOADED) == loadings + 1
    assert re.search(r"Detected change in '.*/app/site/views.py', reloading", running.said())
    assert running.get("/answer") == (200, "before")
    assert pins(running.said()) == pin


def pins(said: str) -> list[str]:
    return re.findall(r"PIN: (\S+)", said)


def test_a_changed_template_shows_without_a_restart(running: Running) -> None:
    page = running.project / "templates/site/error.html"
    before, said = page.read_text("utf-8"), running.said()
    assert running.get("/nowhere")[0] == 404
    try:
        assert "{% endblock %}" in before
        shown = before.replace("{% endblock %}", "Changed while it runs{% endblock %}")
        page.write_text(shown, "utf-8")
        assert "Changed while it runs" in running.get("/nowhere")[1]
    finally:
        page.write_text(before, "utf-8")
    assert "reloading" not in running.said().removeprefix(said)


def test_a_changed_setting_takes_effect(running: Running) -> None:
    change = (".env", f"SITE_NAME='{SETTINGS['SITE_NAME']}'", "SITE_NAME='Another Name'")
    with running.edited(*change, then="Serving again after"):
        assert "Another Name" in running.get("/")[1]
    text = running.get("/")[1]
    assert SETTINGS["SITE_NAME"] in text
    assert "Another Name" not in text


@pytest.mark.parametrize(
    ("name", "old", "new", "shown"),
    [
        ("app/site/views.py", 'return "before"', 'return "before', "SyntaxError"),
        ("app/__init__.py", "from app import config", "from app import confg", "ImportError"),
        (".env", "SITE_NAME=", "SITE_NAME_=", "SITE_NAME: is missing."),
    ],
)
def test_a_mistake_is_shown_and_the_server_recovers(
    running: Running, name: str, old: str, new: str, shown: str
) -> None:
    with running.edited(name, old, new, then="Waiting for the next change."):
        assert shown in running.said()
        status, text = running.get("/answer")
        assert status == 500
        assert shown in text
    assert running.get("/answer") == (200, "before")


def test_an_end_of_the_application_is_said_and_the_server_recovers(running: Running) -> None:
    change = ("app/__init__.py", "from app import config", "raise SystemExit")
    with running.edited(*change, then="Waiting for the next change."):
        assert "The application ended while it was built." in running.get("/answer")[1]
    assert running.get("/answer") == (200, "before")


def test_an_error_opens_the_debugger_and_its_traceback_is_in_the_terminal(
    running: Running,
) -> None:
    said = running.said()
    status, text = running.get("/broken")
    assert status == 500
    assert "<h1>ZeroDivisionError</h1>" in text
    assert "EVALEX = true" in text
    assert "It has been noted" not in text
    error = "ZeroDivisionError: a mistake of mine"
    running.wait(lambda: error in running.said().removeprefix(said))
    assert "app/site/views.py" in running.said().removeprefix(said)


def test_the_debugger_runs_nothing_without_its_pin(running: Running) -> None:
    text = running.get("/broken")[1]
    secret, frame = re.search(r'SECRET = "(\w+)"', text), re.search(r'id="frame-(\d+)"', text)
    assert secret
    assert frame
    asked = f"__debugger__=yes&cmd=600070001*7&frm={frame[1]}&s={secret[1]}"
    assert "4200490007" not in running.get(f"/broken?{asked}")[1].partition("Traceback")[0]
    assert "EVALEX_TRUSTED = false" in text


def debugs(server: Running) -> bool:
    """Return whether a page of the debugger can be had, by any of the ways to it."""
    broken = server.get("/broken")
    assert broken[0] == 500
    server.wait(lambda: "a mistake of mine" in server.said())
    ways = ("/console", "/?__debugger__=yes&cmd=resource&f=debugger.js")
    found = [broken[1], *(server.get(way)[1] for way in ways)]
    return any("__debugger__" in text or "EVALEX" in text for text in found)


def test_where_it_may_be_opened_the_debugger_is_found(running: Running) -> None:
    assert debugs(running)


def test_no_debugger_in_production(project: Path, tmp_path: Path) -> None:
    production = {
        "APP_ENV": "production",
        # feature: accounts
        "SMTP_URL": "smtp://localhost:1025",
        "BCRYPT_ROUNDS": "10",
        # endfeature
    }
    with started(project, tmp_path / "output", **production) as server:
        assert "No debugger: APP_ENV is not development." in server.said()
        assert "PIN" not in server.said()
        assert not debugs(server)


def test_no_debugger_for_other_machines(project: Path, tmp_path: Path) -> None:
    with started(project, tmp_path / "output", "--host", "0.0.0.0") as server:  # noqa: S104 - the subject
        assert "No debugger: other machines can reach 0.0.0.0." in server.said()
        assert not debugs(server)


def test_no_debugger_where_an_editor_brings_its_own(project: Path, tmp_path: Path) -> None:
    launch = json.loads((ROOT / ".vscode/launch.json").read_text("utf-8"))
    entry = next(one for one in launch["configurations"] if one["module"] == "devserver")
    options = entry["args"]
    with started(project, tmp_path / "output", *options) as server:
        assert not debugs(server)
        assert "It has been noted" in server.get("/broken")[1]


@pytest.mark.parametrize("app_env", ["production", "", "Development", "staging"])
def test_no_debugger_under_any_other_name_of_the_environment(app_env: str) -> None:
    assert not devserver.may_debug(app_env, "127.0.0.1")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "10.0.0.1", "fe80::1"])  # noqa: S104 - the subject
def test_no_debugger_at_an_address_that_is_not_loopback(host: str) -> None:
    assert not devserver.may_debug("development", host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_a_debugger_at_a_loopback_address(host: str) -> None:
    assert devserver.may_debug("development", host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_in_use_is_said_first_with_one_that_is_free(project: Path, host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        other = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip(f"this machine has no {host}")
    with other:
        port = str(other.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "devserver", "--port", port],
            cwd=project,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    assert (done.returncode, done.stdout) == (1, "")
    said = re.fullmatch(
        rf"Port {port}, for the application, is in use\. Try: make run PORT=(\d+)\n", done.stderr
    )
    assert said
    for free in (int(said[1]), int(said[1]) + 1):
        socket.create_server(("127.0.0.1", free)).close()


def test_a_first_start_that_fails_ends_with_the_reason(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "devserver", "--port", "0"],
        cwd=project,
        env=environment(SITE_NAME="two\nlines", APP_ENV="nowhere"),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert "Serving on" not in done.stdout
    assert "APP_ENV: say production or development" in done.stderr
    assert "SITE_NAME: write one line" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_left_when_the_server_is_killed(project: Path, tmp_path: Path) -> None:
    with started(project, tmp_path / "output") as server:
        assert server.get("/answer")[0] == 200
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while not devserver.is_free(server.port):
            assert time.monotonic() < end, "the application still listens"
            time.sleep(0.05)


def test_a_changed_test_restarts_nothing(running: Running) -> None:
    said = running.said()
    tests = running.project / "tests/site"
    tests.mkdir(parents=True)
    (tests / "test_new.py").touch()
    time.sleep(3 * devserver.INTERVAL)
    assert "reloading" not in running.said().removeprefix(said)
