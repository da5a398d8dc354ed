"""How many instructions a request takes, by callgrind: `python -m bench.instructions`.

A count is the same whatever else the machine does, which a time never is. So it can stand in a
file, and a test can refuse what has become dearer without anybody having noticed. It does not see
the kernel's work, and weighs cryptography too heavily: it guards, and `bench.requests` measures.
"""

import gc
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

STORED = Path(__file__).with_name("instructions.json")
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
CALLS = 50
TOLERANCE = 0.05
# A function of the C library that nothing else calls: callgrind writes down what it has counted
# and begins again whenever it is called.
MARK = "getppid"


def count() -> dict[str, float]:
    """Return the instructions of each case as a multiple of those of bare Flask.

    Raises:
        subprocess.CalledProcessError: the cases could not be run.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(shutil.which("valgrind")),
            "--tool=callgrind",
            "--instr-atstart=no",
            f"--dump-before={MARK}",
            f"--callgrind-out-file={folder}/counted",
            *(sys.executable, "-m", "bench.instructions", "inside", folder),
        ]
        # Hashes of text decide the order in sets, and with it how many steps something takes.
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(  # noqa: S603
            command, env=environment, capture_output=True, text=True, check=True
        )
        names = done.stdout.splitlines()
        # The first part is the start, the last one the end; each case stands between two marks.
        counts = [_total(Path(folder) / f"counted.{2 * n + 2}") for n in range(len(names))]
    return {name: round(cost / counts[0], 3) for name, cost in zip(names, counts, strict=True)}


def _total(part: Path) -> int:
    found = re.search(r"^(?:summary|totals): (\d+)", part.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{part.name} holds no count")
    return int(found[1])


def run_cases(folder: str) -> None:
    """Run the cases under callgrind, with a mark before and behind each, and print their names."""
    from app.core import clock
    from bench import ours, peers
    from bench.measure import request

    # A minute may pass while callgrind counts, and then one request of many would write.
    now = datetime.now(UTC)
    clock.now = lambda: now
    tokens, token = peers.flask_and_jwt()
    with ours.our_application(f"sqlite:///{folder}/ours.db") as app:
        cases = {
            "F: bare Flask": request(peers.bare_flask(), "/"),
            "J: bare Flask and PyJWT": request(tokens, "/", headers=peers.bearer(token)),
            **{case.name: case.call for case in ours.token_cases(app)},
            **{case.name: case.call for case in ours.page_cases(app) if case.budget},
        }
        for call in cases.values():
            for _ in range(5):  # the first calls compile templates and statements
                call()
        gc.collect()
        gc.freeze()  # or what is collected in the middle of a case would be counted with it
        _begin_to_count()
        for name, call in cases.items():
            os.getppid()
            for _ in range(CALLS):
                call()
            os.getppid()
            sys.stdout.write(f"{name}\n")


def _begin_to_count() -> None:
    """Let callgrind count from now on: the start of the application would take it a minute."""
    switch = ["vgdb", f"--pid={os.getpid()}", "instrumentation", "on"]
    with subprocess.Popen(switch, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as asked:  # noqa: S603
        while asked.poll() is None:
            pass  # a process that sleeps could only be reached as a debugger reaches it


def read_stored() -> dict[str, float]:
    """Return what is stored for this version of Python; nothing if it was never counted."""
    stored: dict[str, dict[str, float]] = json.loads(STORED.read_text("utf-8"))
    return stored.get(VERSION, {})


def store(counted: dict[str, float]) -> None:
    """Store what was counted under this version of Python, and keep the others."""
    stored = json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}
    stored[VERSION] = counted
    STORED.write_text(json.dumps(stored, indent=2, sort_keys=True) + "\n", "utf-8")


def differences(counted: dict[str, float], stored: dict[str, float]) -> list[str]:
    """Return a line for each case that costs more or less than it did."""
    return [
        f"{name}: {stored.get(name, 0):.2f} times bare Flask is stored, {cost:.2f} was counted"
        for name, cost in counted.items()
        if abs(cost / stored.get(name, cost * 2) - 1) > TOLERANCE
    ]


def main() -> None:
    """Count and print; with --store, keep it for the test to compare with."""
    if sys.argv[1:2] == ["inside"]:
        run_cases(sys.argv[2])
        return
    counted = count()
    for name, cost in counted.items():
        sys.stdout.write(f"{name:34} {cost:6.2f} times the instructions of bare Flask\n")
    if "--store" in sys.argv:
        store(counted)


if __name__ == "__main__":
    main()
