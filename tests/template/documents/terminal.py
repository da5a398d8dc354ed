"""The commands of a page, run in bash as they stand, and the servers that a page starts."""

import re
import shlex
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from tests.parts import lack, said_missing
from tests.template.documents import Fault
from tests.template.documents.process import started

# How make and flask say that they refuse. A page shows it as its last line where it is meant.
REFUSAL = ("make: ***", "Error: ")
SERVE = re.compile(r"make run( PORT=(?P<port>\d+))?")
WORK, WORKING = "make worker", "The worker runs"
DEFAULT_PORT = "8000"
PORT = re.compile(r"\b(?P<before>localhost:|PORT=)(?P<port>\d+)")
ANYTHING = "..."
# What pytest counts in its last line of tests that need a part which this machine does not have.
SKIPPED = re.compile(r"(?<=\d (?:passed|failed)), \d+ skipped\b")


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a block with the lines that its reader should see.

    Raises:
        Fault: the block does not begin with a command.
    """
    for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE)[1:]:
        command, *rest = part.removeprefix("$ ").splitlines()
        while command.endswith("\\") and rest:
            command += f"\n{rest.pop(0)}"
        yield command, [line for line in rest if line.strip()]
    if not block.startswith("$ "):
        raise Fault("A console block begins with a command.")


def first_missing(expected: list[str], said: str) -> str | None:
    """Return the first line that was not said after those before it, or None."""
    lines = iter([_one_blank(line) for line in said.splitlines()])
    for line in expected:
        parts = map(re.escape, _one_blank(line).split(ANYTHING))
        pattern = re.compile(".*".join(parts))
        if line.strip() != ANYTHING and not any(map(pattern.fullmatch, lines)):
            return line
    return None


def _is_refusal(expected: list[str]) -> bool:
    return bool(expected) and expected[-1].startswith(REFUSAL)


def _skip_for_a_missing_part(fault: str) -> None:
    """Skip the page if a command needs a part that is missing, and no test that it ran failed."""
    reason = said_missing(fault)
    if reason and not re.search(r"^=* ?\d+ (?:failed|errors?)\b", fault, re.MULTILINE):
        lack(reason)


def _one_blank(line: str) -> str:
    return " ".join(line.split())


class Terminal:
    """A shell that stands in a folder, with what a page starts and leaves running behind it.

    Args:
        folder: where it stands; `cd` leads elsewhere.
        environment: what the commands find in their environment, and nothing else.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._ports: dict[str, str] = {}
        ports = {"PORT": self._port(DEFAULT_PORT), "LOCAL_PROVIDER_PORT": self._port("8001")}
        self._environment = {**environment, **ports}
        self._server = ExitStack()
        self._words = ""  # variables and functions of the page

    def local(self, text: str) -> str:
        """Put a port that is free here in the place of each one, the same one each time."""
        return PORT.sub(lambda found: found["before"] + self._port(found["port"]), text)

    def carry_out(self, block: str) -> None:
        """Run the commands of a block.

        Raises:
            Fault: one fails, or does not say what the page promises.
        """
        for command, expected in commands(self.local(block)):
            try:
                self._compare(command, expected)
            except Fault as fault:
                _skip_for_a_missing_part(str(fault))
                raise Fault(f"$ {command}\n{fault}") from None

    def _compare(self, command: str, expected: list[str]) -> None:
        said = self._carry_out(command, refused=_is_refusal(expected))
        seen = SKIPPED.sub("", said) if said_missing(said) else said
        if (line := first_missing(expected, seen)) is not None:
            raise Fault(f"It should have said: {line}\nIt said:\n{said}")

    def close(self) -> None:
        """End what runs in the background."""
        self._server.close()

    def _port(self, port: str) -> str:
        if port not in self._ports:
            with socket.create_server(("localhost", 0)) as free:
                self._ports[port] = str(free.getsockname()[1])
        return self._ports[port]

    def _carry_out(self, command: str, *, refused: bool) -> str:
        serve = SERVE.fullmatch(command)
        if serve and not refused:
            return self._serve(command, serve["port"] or self._port(DEFAULT_PORT))
        if command == WORK and not refused:
            worker = self._server.enter_context(started(command, self.folder, self._environment))
            worker.wait_until_it_says(WORKING)
            return worker.said()
        return self._run(command, refused=refused)

    def _serve(self, command: str, port: str) -> str:
        self.close()
        server = self._server.enter_context(started(command, self.folder, self._environment))
        server.wait_until_it_serves(port)
        return server.said()

    def _run(self, command: str, *, refused: bool) -> str:
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as place:
            # Each command has a shell of its own. The next one goes on with the words of this one.
            leave = f"trap '{{ pwd; export -p; declare -f; }} >{shlex.quote(place.name)}' EXIT\n"
            script = f"{self._words}\nset -a\n{leave}{command}"
            with started(script, self.folder, self._environment) as process:
                failed, said = process.status() != 0, process.said()
            folder, _, self._words = place.read().partition("\n")
            self.folder = Path(folder)
        if failed != refused:
            raise Fault(f"It {'failed' if failed else 'should have failed'}:\n{said}")
        return said
