"""The generator's commands: `python -m flask_gatehouse new`, `... add`, `... features`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from flask_gatehouse import GeneratorError
from flask_gatehouse.add import add
from flask_gatehouse.listing import describe, describe_files
from flask_gatehouse.new import ROOT, new


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit status."""
    options = _parser().parse_args(arguments)
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, signal.default_int_handler)  # so that these tidy up as Ctrl+C does
    try:
        if options.command == "features":
            sys.stdout.write(describe(ROOT))
        elif options.command == "files":
            sys.stdout.write(describe_files(ROOT))
        elif options.command == "add":
            add(ROOT, options.project, options.feature)
        else:
            ask = sys.stdin.isatty() and not options.no_input
            new(options.out, options.answers, ask=ask)
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
    addition.add_argument("--project", type=Path, required=True, help="its folder")
    addition.add_argument("feature", help="the feature's name")
    return parser


def _folder(text: str) -> Path:
    # `make new` passes OUT= as it stands, and it is empty when nobody said anything.
    return Path(text).expanduser() if text else ROOT.parent


if __name__ == "__main__":
    sys.exit(main())
