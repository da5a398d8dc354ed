"""The files of `deploy/`, held against the tools that read such files."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SHAPES = ("up to site", "minimal", "everything")
# What the proxy need not say, because the application says it with every answer.
SAID_BY_US = "hsts_header"


@pytest.fixture(params=SHAPES)
def deploy(request: pytest.FixtureRequest, generated: Callable[[str], Path]) -> Path:
    """The folder in a project of one shape."""
    return generated(request.param) / "deploy"


def passes(*command: str, folder: Path) -> None:
    """Run a tool beside our Python; what it complains of fails the test."""
    place = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": place},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_is_built_as_it_should_be(deploy: Path) -> None:
    passes("hadolint", "Dockerfile", folder=deploy)


def test_nothing_gets_into_the_image_that_is_not_listed(deploy: Path) -> None:
    first, *listed = [
        line
        for line in (deploy / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert first == "*"
    for name in (one.removeprefix("!") for one in listed if one.startswith("!")):
        assert (deploy.parent / name).exists(), f"{name} is let in and not there"


def test_what_is_copied_into_the_image_is_there(deploy: Path) -> None:
    for line in (deploy / "Dockerfile").read_text("utf-8").splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _ = line.removeprefix("COPY ").split()
            for source in sources:
                assert (deploy.parent / source).exists(), source


def test_the_containers_are_described_by_the_specification(deploy: Path) -> None:
    passes(
        "check-jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "compose.yaml",
        folder=deploy,
    )


def test_the_proxy_has_no_known_weakness(deploy: Path) -> None:
    passes("gixy", "--skips", SAID_BY_US, "nginx.conf", folder=deploy)


def test_a_worker_is_there_where_there_is_work(deploy: Path) -> None:
    has_work = (deploy.parent / "app" / "accounts").exists()
    assert (deploy / "house-worker.service").exists() == has_work
    assert ("worker:" in (deploy / "compose.yaml").read_text("utf-8")) == has_work
