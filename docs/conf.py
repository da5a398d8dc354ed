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

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
extensions += ["declarations", "drawings", "pictures", "requirements", "routes", "steps"]
extensions += ["programs"]  # feature: api
extensions += ["forms", "tables"]  # feature: accounts
exclude_patterns = ["_build", "_extensions"]
myst_enable_extensions = ["deflist"]

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the words beside each name say more
python_maximum_signature_line_length = 80

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_domain_indices = False
html_static_path = ["_static"]


# feature: template
def setup(app):
    """Leave out of docstrings the tags that a generated project does not have."""

    def without_tags(*told):
        lines = told[-1]
        lines[:] = [line for line in lines if not line.lstrip().startswith(("# feature", "# endf"))]

    app.connect("autodoc-process-docstring", without_tags, priority=1)


# endfeature
