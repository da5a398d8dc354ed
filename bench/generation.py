"""What a project costs to generate, as a ratio to plain cookiecutter: `python -m bench.generation`.

The reference is a template of the usual kind: the same files with the same contents, each rendered
by cookiecutter itself. The two take turns in one run, so that a busy machine slows both.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 7
ANSWERS = {"features": "everything", "project_slug": "shop"}


def generate(template: Path, out: Path) -> Path:
    """Generate a project as a person would, in a process of its own, and return its folder."""
    answers = [f"{name}={value}" for name, value in ANSWERS.items()]
    command = [sys.executable, "-m", "cookiecutter", str(template), "--no-input", "-o", str(out)]
    environment = {**os.environ, "HOME": str(out.parent)}  # where it keeps the last answers
    subprocess.run(  # noqa: S603
        [*command, *answers], check=True, stdout=subprocess.DEVNULL, cwd=out, env=environment
    )
    return out / ANSWERS["project_slug"]


def plain_template(project: Path, folder: Path) -> Path:
    """Make a template that renders the files of a project, without hooks or extensions."""
    inside = folder / "{{cookiecutter.project_slug}}"
    for path in project.rglob("*"):
        if path.is_file():
            target = inside / path.relative_to(project)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_literal(path.read_bytes()))
    (folder / "cookiecutter.json").write_text('{"project_slug": "shop", "features": ""}', "utf-8")
    return folder


def _literal(content: bytes) -> bytes:
    """Keep what looks like Jinja as it is; cookiecutter itself copies what is no text."""
    is_text = b"\0" not in content  # the bytes of a picture look like anything
    looks_like_jinja = any(sign in content for sign in (b"{{", b"{%", b"{#"))
    return b"{% raw %}" + content + b"{% endraw %}" if is_text and looks_like_jinja else content


def seconds(template: Path) -> float:
    """Return how long one generation takes."""
    with tempfile.TemporaryDirectory() as out:
        began = perf_counter()
        generate(template, Path(out))
        return perf_counter() - began


def main() -> None:
    """Generate in turns, and say the median of the paired ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        project = generate(ROOT, folder)
        count = sum(path.is_file() for path in project.rglob("*"))
        plain = plain_template(project, folder / "plain")
        seconds(ROOT), seconds(plain)  # the first of each reads from the disk
        pairs = [(seconds(ROOT), seconds(plain)) for _ in range(ROUNDS)]
    ours, theirs = (median(side) for side in zip(*pairs, strict=True))
    ratio = median(own / other for own, other in pairs)
    sys.stdout.write(
        f"{count} files: {ours:.2f} s, plain cookiecutter {theirs:.2f} s, ratio {ratio:.2f}\n"
    )


if __name__ == "__main__":
    main()
