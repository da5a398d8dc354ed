"""Whatever the machine, the same project comes; whatever its name, pages and mails show it."""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from dotenv import dotenv_values
from flask import Flask
from hypothesis.configuration import storage_directory

from app import create_app
from app.core import delivery
from app.core.limits import limiter
from app.core.outbox import OutboxMail
from app.extensions import db
from flask_gatehouse.answers import Answers, refusal
from flask_gatehouse.names import with_names
from tests.conftest import Browser
from tests.template.conftest import tree, without_record

Run = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).resolve().parents[2]
NAME = "my-flask-app"
# What people really call things, each hard in another way.
HARD = [
    "O'Brien & Söhne",
    'The "Quoted" House',
    "100% Cotton #1",
    "C:\\Users\\Ada",
    "Smith, Jones; & Co. <info>",
    "日本語の家",
    "بيت الباب",
    "Ωmega — naïve café",
    "👩‍👩‍👧 Family",
    "{ config.SECRET_KEY } % x %",
    "$HOME `id` ${PATH}",
    "null",
    "007",
    "a" * 100,
]
# Each keeps something in a folder of the machine, or reads what the machine says about itself.
SENSITIVE = (
    "tests/faults/test_token_mutations.py::test_a_token_whose_text_is_changed_is_refused",
    "tests/accounts/test_mail_commands.py",
    "tests/totp/test_otp.py",
    "tests/site",
)
# PostgreSQL reads the locale. It is started once, and that takes a while.
READS_THE_LOCALE = "tests/house/test_databases.py"
NO_NETWORK = """
import socket


def refuse(*_: object, **__: object) -> None:
    raise SystemExit("something asks for the network")


socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse
"""


@pytest.mark.parametrize("name", HARD)
def test_a_hard_name_stands_on_the_page_and_in_the_mail(
    name: str, settings: dict[str, str], app: Flask
) -> None:
    for question in ("project_name", "description", "author"):
        assert refusal(question, name, ROOT) is None
    told = Answers(name, "a-house", name, name, "ada@example.com", "MIT", "everything")
    example = with_names(".env.example", (ROOT / ".env.example").read_text("utf-8"), told)
    read = dotenv_values(stream=io.StringIO(example), interpolate=False)
    named = create_app({**settings, "SITE_NAME": str(read["SITE_NAME"])})
    with named.app_context():
        limiter.reset()
    browser = Browser(named)
    assert name in unescape(browser.get("/").text)
    assert browser.register("grace@example.com").status_code == 303
    assert name in unescape(browser.get("/dev/mailbox").text)
    with named.app_context():
        mail = db.session.scalars(db.select(OutboxMail)).one()
        sent = message_from_bytes(delivery.compose(mail).as_bytes(), policy=policy.default)
        db.engine.dispose()
    assert sent["From"].addresses[0].display_name == name
    assert sent["Subject"] == f"Confirm your address for {name}"


@pytest.fixture
def of_windows(
    request: pytest.FixtureRequest, template: Path, tmp_path: Path, git: Callable[..., str]
) -> Path:
    """The template as a computer with Windows hands it on."""
    windows = tmp_path / "windows"
    if request.param == "checked out":
        git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(template), str(windows))
        return windows
    shutil.copytree(template, windows, ignore=shutil.ignore_patterns(".git"))
    for path in windows.rglob("*"):
        if path.is_file() and b"\0" not in path.read_bytes():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return windows


@pytest.mark.parametrize("of_windows", ["checked out", "zipped"], indirect=True)
def test_line_ends_of_windows_in_the_template_do_not_come_into_the_project(
    of_windows: Path, tmp_path: Path, generate: Run, default: Path
) -> None:
    done = generate(source=of_windows)
    assert done.returncode == 0, done.stdout + done.stderr
    assert without_record(tree(tmp_path / NAME)) == without_record(tree(default))


def test_nothing_asks_for_the_network(
    template: Path, tmp_path: Path, run: Run, default: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK, "utf-8")
    env = {"PYTHONPATH": str(tmp_path)}
    asked = run([sys.executable, "-c", "import socket; socket.getaddrinfo('x', 1)"], tmp_path, env)
    assert "asks for the network" in asked.stderr
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "-o", str(tmp_path)]
    done = run([*command, str(template)], tmp_path, env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert without_record(tree(tmp_path / NAME)) == without_record(tree(default))


def test_a_home_that_nobody_can_write_is_not_needed(
    template: Path, tmp_path: Path, run: Run
) -> None:
    """Closed even to root. Cookiecutter alone keeps its answers there, so `new` lends it one."""
    (tmp_path / "make").write_text("#!/bin/sh\ntouch .env\n", "utf-8")
    (tmp_path / "make").chmod(0o755)
    env = {"HOME": "/proc", "PATH": f"{tmp_path}:/usr/local/bin:/usr/bin:/bin"}
    command = [sys.executable, "-m", "flask_gatehouse", "new", "--out", str(tmp_path)]
    done = run([*command, "features=up to site"], template, env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / NAME / "app" / "features.py").exists()


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder that nobody can write; root may write in any but the kernel's own."""
    if os.geteuid() == 0:
        return Path("/proc")
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    return folder


@pytest.fixture
def tests_pass(run: Run) -> Callable[..., None]:
    """Run tests of ours in surroundings that are not ours; each of them must pass or skip."""

    def _tests_pass(*tests: str, cwd: Path = ROOT, **env: str) -> None:
        options = ["-q", "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")]
        cache = ["-o", f"cache_dir={cwd / 'cache'}"] if cwd != ROOT else []
        command = [sys.executable, "-m", "pytest", *options, *cache]
        done = run([*command, *(str(ROOT / test) for test in tests)], cwd, env)
        assert done.returncode == 0, done.stdout + done.stderr

    return _tests_pass


def test_our_tests_pass_where_no_folder_but_the_temporary_one_can_be_written(
    tests_pass: Callable[..., None], closed: Path
) -> None:
    """Home, caches, bytecode, and the folder in which the tests are started."""
    folders = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "PYTHONPYCACHEPREFIX")
    tests_pass(*SENSITIVE, cwd=closed, **dict.fromkeys(folders, str(closed)))


def test_our_tests_pass_without_bytecode_and_with_a_locale_that_is_not_there(
    tests_pass: Callable[..., None],
) -> None:
    locale = {"LANG": "xx_XX.UTF-8", "LC_ALL": "xx_XX.UTF-8", "TZ": "Pacific/Chatham"}
    tests_pass(*SENSITIVE, READS_THE_LOCALE, PYTHONDONTWRITEBYTECODE="1", **locale)


def test_hypothesis_keeps_nothing_in_the_folder_of_the_project() -> None:
    """Where that folder is closed it would warn, and a warning fails the test that it meets."""
    kept = storage_directory("examples").path
    assert ROOT not in kept.parents
    assert kept.is_relative_to(tempfile.gettempdir())
    assert os.access(storage_directory().path, os.W_OK)
