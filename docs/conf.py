"""Sphinx settings. The project's name, version and authors stand in pyproject.toml alone."""

import sys
import tomllib
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# The pages read the declarations of the features, so the application must be importable.
sys.path[:0] = [str(ROOT), str(DOCS / "_extensions")]

project = PROJECT["name"]
release = version = PROJECT["version"]
author = ", ".join(person["name"] for person in PROJECT.get("authors", ()) if "name" in person)
copyright = author

extensions = ["myst_parser", "declarations", "pictures", "steps"]
extensions += ["programs"]  # feature: api
exclude_patterns = ["_build", "_extensions"]
myst_enable_extensions = ["deflist"]

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
