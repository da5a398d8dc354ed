# file of feature: accounts
"""A directive that computes which fields the pages have, and what each takes."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from application import application
from declarations import ROOT, Computed, table
from flask_wtf import FlaskForm
from sphinx.application import Sphinx
from wtforms import Field, SubmitField
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.registry import load_features
from app.features import FEATURES


class FormsTable(Computed):
    """Every form with its fields, by the feature it belongs to."""

    def text(self) -> str:
        """Return a table for each form."""
        parts = []
        for feature in load_features(FEATURES):
            if (ROOT / "app" / feature.name / "forms.py").exists():
                module = import_module(f"app.{feature.name}.forms")
                parts += [
                    f"**{feature.title}: `{name}`.** {inspect.getdoc(form)}\n\n{self._fields(form)}"
                    for name, form in vars(module).items()
                    if inspect.isclass(form)
                    and issubclass(form, FlaskForm)
                    and form.__module__ == module.__name__
                ]
        return "\n\n".join(parts)

    def _fields(self, form: type[FlaskForm]) -> str:
        with application().test_request_context():
            made: Any = form()
            fields = [field for field in made if not isinstance(field, SubmitField)]
            rows = [list(self._row(field)) for field in fields if field.name != "csrf_token"]
        return table(("Field", "Kind", "Needed", "Length", "Also"), rows) if rows else "No fields."

    def _row(self, field: Field) -> Iterator[str]:
        yield str(field.label.text) or f"`{field.name}`"
        yield type(field).__name__.removesuffix("Field").lower()
        asked = field.validators
        yield "yes" if any(isinstance(one, DataRequired | InputRequired) for one in asked) else "no"
        lengths = [one for one in asked if isinstance(one, Length)]
        yield ", ".join(f"up to {one.max}" for one in lengths if one.max > 0) or "by its rule"
        rules = [inspect.getdoc(one) for one in asked if inspect.isfunction(one)]
        yield " ".join(filter(None, rules)) or "nothing"


def setup(app: Sphinx) -> dict[str, bool]:
    """Give the directive its name."""
    app.add_directive("forms", FormsTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
