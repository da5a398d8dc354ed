"""The generator's commands: `python -m flask_gatehouse new`, `... add`, `... update`."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from flask_gatehouse import GeneratorError
from flask_gatehouse.add import add
from flask_gatehouse.feature import feature
from flask_gatehouse.listing import describe, describe_files
from flask_gatehouse.new import ROOT, new
from flask_gatehouse.relink import relink
from flask_gatehouse.update import update

Options = argparse.Namespace
COMMANDS: dict[str, Callable[[Options], object]] = {
    "features": lambda _: sys.stdout.write(describe(ROOT)),
    "files": lambda _: sys.stdout.write(describe_files(ROOT)),
    "new": lambda it: new(it.out, it.answers, ask=sys.stdin.isatty() and not it.no_input),
    "add": lambda it: add(ROOT, it.project, it.feature),
    "update": lambda it: update(ROOT, it.project, it.base),
    "feature": lambda it: feature(ROOT, it.project, it.name, it.one),
    "relink": lambda it: relink(it.project, it.since),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit status."""
    options = _parser().parse_args(arguments)
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, signal.default_int_handler)  # so that these tidy up as Ctrl+C does
    try:
        COMMANDS[options.command](options)
    except GeneratorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\nStopped; nothing was written.\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flask_gatehouse", description="Generate a project.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("features", help="list the features there are")
    commands.add_parser("files", help="list the files there can be, each with its feature")
    creation = commands.add_parser("new", help="generate a project, set it up and commit it")
    creation.add_argument("--out", type=_folder, default=ROOT.parent, help="where its folder goes")
    creation.add_argument("--no-input", action="store_true", help="take defaults, ask nothing")
    creation.add_argument("answers", nargs="*", metavar="name=value", help="an answer")
    addition = commands.add_parser("add", help="bring one more feature into a project")
    addition.add_argument("feature", help="the feature's name")
    renewal = commands.add_parser("update", help="bring a project to this template")
    renewal.add_argument("--base", type=Path, help="the template as the project was made from it")
    mending = commands.add_parser("relink", help="make one chain of the migrations again")
    mending.add_argument("--since", default="HEAD", help="a commit from before it was broken")
    skeleton = commands.add_parser("feature", help="write a feature of the owner's own")
    skeleton.add_argument("--one", default="", help="the name of a single one")
    skeleton.add_argument("name", help="its name, as of many")
    for command in (addition, renewal, mending, skeleton):
        command.add_argument("--project", type=Path, required=True, help="its folder")
    return parser


def _folder(text: str) -> Path:
    # `make new` passes OUT= as it stands, and it is empty when nobody said anything.
    return Path(text).expanduser() if text else ROOT.parent


if __name__ == "__main__":
    sys.exit(main())
