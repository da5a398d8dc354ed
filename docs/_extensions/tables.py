# file of feature: accounts
"""A directive that computes which tables there are, and what is to be guarded in them."""

from collections.abc import Iterator

from application import application
from declarations import Computed, first_sentence, table
from sphinx.application import Sphinx
from sqlalchemy import Column, Table

from app.core.registry import load_features
from app.extensions import db
from app.features import FEATURES


class Tables(Computed):
    """Every table with its columns and what they hold, by the feature that has it."""

    def text(self) -> str:
        """Return a part for the house and one for each feature that has tables."""
        with application().app_context():
            models = [mapper.class_ for mapper in db.Model.registry.mappers]
        titles = {feature.name: feature.title for feature in load_features(FEATURES)}
        parts = []
        for folder, title in ({"core": "The ground floor"} | titles).items():
            here = [model for model in models if model.__module__.split(".")[1] == folder]
            here.sort(key=lambda model: model.__tablename__)
            parts += [self._part(model, title) for model in here]
        return "\n\n".join(parts)

    def _part(self, model: type, title: str) -> str:
        made: Table = model.__table__  # type: ignore[attr-defined]
        whose = "goes with the person" if follows_a_person(made) else "belongs to no person"
        rows = (self._row(column) for column in made.columns)
        return f"## `{made.name}`\n\n{title}. {first_sentence(model)} It {whose}.\n\n" + table(
            ("Column", "Type", "What it holds"), rows
        )

    def _row(self, column: Column[object]) -> Iterator[str]:
        yield f"`{column.name}`"
        yield f"{column.type}".lower() + (", or nothing" if column.nullable else "")
        held = column.info.get("holds", "plain")
        yield held if held == "plain" else f"**{held}**"


def follows_a_person(made: Table) -> bool:
    """Tell whether rows go with a user's, directly or by what they point at."""
    return made.name == "user" or any(
        follows_a_person(key.column.table) for key in made.foreign_keys if key.ondelete == "CASCADE"
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Give the directive its name."""
    app.add_directive("tables", Tables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
