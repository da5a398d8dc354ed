"""The system parts that tests need: where they are found, and what happens where one is missing.

A test that needs a part asks for it here and nowhere else. A missing part skips the test and says
how to install it; with GATEHOUSE_REQUIRE_ALL=1, as in continuous integration, it fails the test.

GATEHOUSE_HIDE=oathtool,nginx runs the tests as on a machine without these parts.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
MISSING = re.compile(r"[\w-]+ is missing; install it with: .+")
# As bash, another shell, and make say it.
NOT_FOUND = re.compile(
    r"(?:^|\s)(?P<program>[\w.-]+): (?:(?:command )?not found|No such file or directory)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Part:
    """A program, or a folder, that does not come with the Python packages.

    Args:
        name: what it is called in GATEHOUSE_HIDE and by those who ask for it.
        programs: names on PATH, the preferred one first; one of them is enough.
        package: the Debian package that contains it; nothing if `install` says more.
        places: patterns of paths where it may be although it is not on PATH.
        command: what installs it where that is not a package.
    """

    name: str
    programs: tuple[str, ...] = ()
    package: str = ""
    places: tuple[str, ...] = ()
    command: str = ""

    @property
    def install(self) -> str:
        """The command that installs it."""
        return self.command or f"sudo apt install {self.package}"

    def find(self) -> str | None:
        """Return its path, or None if it is missing or hidden."""
        if self.name in hidden():
            return None
        on_path = filter(None, map(shutil.which, self.programs))
        elsewhere = (
            str(found)
            for place in self.places
            for found in sorted(Path("/").glob(place.lstrip("/")), reverse=True)
        )
        return next(on_path, None) or next(elsewhere, None)


LISTED = [
    Part("curl", ("curl",), "curl"),
    Part("postgresql", ("initdb",), "postgresql", places=("/usr/lib/postgresql/*/bin/initdb",)),
    Part("redis", ("redis-server",), "redis-server"),
    Part(
        "chromium",
        # The same engine without windows and menus does a test for two thirds of the work.
        ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
        "chromium",
    ),
    Part("nginx", ("nginx",), "nginx-light", places=("/usr/sbin/nginx",)),
    Part("jq", ("jq",), "jq"),
    Part("flock", ("flock",), "util-linux"),
    Part("oathtool", ("oathtool",), "oathtool"),
    # feature: template
    Part("openssl", ("openssl",), "openssl"),
    Part("valgrind", ("valgrind",), "valgrind"),
    Part("npm", ("npm",), "npm"),
    Part("peers", places=(f"{ROOT}/tests/peers/node_modules",), command="make peers"),
    # endfeature
]
PARTS = {part.name: part for part in LISTED}


def hidden() -> set[str]:
    """Return the names of the parts that GATEHOUSE_HIDE hides.

    Raises:
        ValueError: it names something that is not a part, and would hide nothing.
    """
    names = set(filter(None, os.environ.get("GATEHOUSE_HIDE", "").split(",")))
    if unknown := names - PARTS.keys():
        raise ValueError(
            f"GATEHOUSE_HIDE names no part: {', '.join(sorted(unknown))}; "
            f"choose from {', '.join(PARTS)}"
        )
    return names


def require_part(name: str) -> str:
    """Return the path of a part, or skip the test with the command that installs the part."""
    part = PARTS[name]
    if found := part.find():
        return found
    return lack(f"{name} is missing; install it with: {part.install}")


def lack(reason: str) -> NoReturn:
    """Skip the test because a part is missing, or fail it where every part must be there."""
    import pytest

    if os.environ.get("GATEHOUSE_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def said_missing(output: str) -> str | None:
    """Return why a command did less than it should: the first part that its output misses.

    Either bash did not find the program of a part, or tests that the command ran were skipped.
    """
    for found in NOT_FOUND.finditer(output):
        for part in PARTS.values():
            if found["program"] in part.programs and not part.find():
                return f"{part.name} is missing; install it with: {part.install}"
    reason = MISSING.search(output)
    return reason[0].strip() if reason else None


def path_without(programs: Iterable[str], path: str, scratch: Path) -> str:
    """Return a PATH on which some programs are not found, and all others are.

    Args:
        programs: the names to leave out.
        path: the PATH to begin with.
        scratch: an empty folder, for links to the programs beside those that are left out.
    """
    without, folders = set(programs), []
    for number, folder in enumerate(filter(None, path.split(os.pathsep))):
        if not any((Path(folder) / name).exists() for name in without):
            folders.append(folder)
            continue
        links = scratch / str(number)
        links.mkdir()
        for program in Path(folder).iterdir():
            if program.name in without:
                continue
            if program.name.startswith(("python", "pip")):
                # Python looks for its library beside the name by which it was called.
                wrapper = links / program.name
                wrapper.write_text(f'#!/bin/sh\nexec "{program}" "$@"\n', "utf-8")
                wrapper.chmod(0o755)
            else:
                (links / program.name).symlink_to(program)
        folders.append(str(links))
    return os.pathsep.join(folders)


def pytest_configure(config: Any) -> None:
    """Take the programs of hidden parts off PATH, for every command that a test starts."""
    programs = {program for name in hidden() for program in PARTS[name].programs}
    if any(map(shutil.which, programs)):  # not again in each worker
        scratch = tempfile.TemporaryDirectory(prefix="without-parts-")
        config.add_cleanup(scratch.cleanup)
        os.environ["PATH"] = path_without(programs, os.environ["PATH"], Path(scratch.name))


# feature: template
def main() -> None:
    """Print the Debian packages of the parts that are missing, one a line."""
    for part in PARTS.values():
        if part.package and not part.find():
            print(part.package)


if __name__ == "__main__":
    main()
# endfeature
