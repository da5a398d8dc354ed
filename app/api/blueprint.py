"""Flask-Smorest, made to keep the rules of this house.

As it comes, it answers every error of the application in JSON, pages included, takes a body that
names a key twice, and answers 422 to a body that is no JSON at all. Here errors go through the
house's one door for refusals, and bodies through one strict reader.
"""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

import flask_smorest
from flask import Flask, Request
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser, abort

from app.api import strict_json
from app.api.face import PREFIX
from app.api.problems import Refusal, refuse
from app.api.schemas import ProblemSchema
from app.core.access import NotAllowed
from app.core.face import CredentialsRefused
from app.extensions import csrf

View = TypeVar("View", bound=Callable[..., Any])
Target = TypeVar("Target")
VERSION = "v1"
# For a view that answers 201 where what it made has an address of its own (RFC 9110, 15.3.2).
MADE_AT = {
    "Location": {"description": "The address of what was made.", "schema": {"type": "string"}}
}


class StrictParser(FlaskParser):
    """Reads bodies and queries; what is not asked for is refused, never skipped."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE, "path": RAISE}  # noqa: RUF012

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Read the body, if it says that it is JSON."""
        if req.mimetype != "application/json":
            abort(415)
        try:
            return strict_json.loads(req.get_data())
        except strict_json.JSONRefused as refusal:
            abort(400, code="malformed_json", detail=str(refusal))

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Read the query; a name that comes twice has no one meaning (ASVS 5.0.0, 15.3.7)."""
        if twice := [name for name, values in req.args.lists() if len(values) > 1]:
            abort(422, messages={"query": {name: ["Say this once."] for name in twice}})
        return super().load_querystring(req, schema)


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """The routes of one feature below /api, with what goes into the document.

    Args:
        feature: the folder it stands in.
        path: what its addresses begin with after the version, e.g. ``/shelf``.
        about: a sentence for the document.
    """

    ARGUMENTS_PARSER = StrictParser()

    if TYPE_CHECKING:  # the library has no types

        def route(self, rule: str, **options: Any) -> Callable[[Target], Target]: ...
        def get(self, rule: str, **options: Any) -> Callable[[View], View]: ...
        def post(self, rule: str, **options: Any) -> Callable[[View], View]: ...
        def patch(self, rule: str, **options: Any) -> Callable[[View], View]: ...
        def delete(self, rule: str, **options: Any) -> Callable[[View], View]: ...
        def arguments(self, schema: type[Schema], **options: Any) -> Callable[[View], View]: ...
        def response(
            self, status: int, schema: type[Schema] | dict[str, str] | None = None, **options: Any
        ) -> Callable[[View], View]: ...

    def __init__(self, feature: str, import_name: str, path: str, about: str) -> None:
        super().__init__(
            f"{feature}_api",
            import_name,
            url_prefix=f"{PREFIX}/{VERSION}{path}",
            description=about,
        )

    def refuses(self, *refusals: Refusal) -> Callable[[View], View]:
        """Answer exceptions of a view's use case as problems, and name them in the document.

        Each view has its own: a token that is refused is a used-up link here and a lost sign-in
        there.
        """
        errors = tuple(refusal.error for refusal in refusals)

        def mark(view: View) -> View:
            @wraps(view)
            def answered(*arguments: Any, **named: Any) -> Any:
                try:
                    return view(*arguments, **named)
                except errors as error:
                    return next(r for r in refusals if isinstance(error, r.error)).answer(error)

            answered.refusals = (*getattr(view, "refusals", ()), *refusals)  # type: ignore[attr-defined]
            return cast(View, answered)

        return mark

    def forbids(self, *refusals: NotAllowed) -> Callable[[Target], Target]:
        """Name in the document why else somebody may not, such as not on themselves.

        Nothing is caught here: the one door for refusals answers, and the log hears of it.
        """

        def mark(target: Target) -> Target:
            target.forbids = refusals  # type: ignore[attr-defined]
            return target

        return mark


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The API of one application."""

    DEFAULT_ERROR_RESPONSE_NAME = None  # every refusal is named in the document, none is "other"
    ERROR_SCHEMA = ProblemSchema

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._shown: list[ApiBlueprint] = []
        self._describing = Lock()

    def _register_error_handlers(self) -> None:
        """Leave refusals to the house: this would answer a page's errors in JSON."""

    def _register_responses(self) -> None:
        """Leave one answer for each status there is to whoever asks for the document."""

    def show(self, blueprint: ApiBlueprint) -> None:
        """Take in what a feature shows to programs.

        No form token is asked for, because nothing here is believed for a cookie's sake.
        """
        csrf.exempt(blueprint)
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)
        self._shown.append(blueprint)

    def described(self) -> dict[str, Any]:
        """Return what the library says of all that is shown, put together when first asked for.

        The library does so at each start. It is most of the time that a start takes, and no
        request but that for the document needs it.
        """
        with self._describing:
            if self._shown:
                super()._register_responses()
            while self._shown:
                blueprint = self._shown.pop(0)
                name, about = blueprint.name, blueprint.description
                blueprint.register_views_in_doc(
                    self, self._app, self.spec, name=name, parameters=None
                )
                self.spec.tag({"name": name, "description": about})
        return cast(dict[str, Any], self.spec.to_dict())


def add_to_api(app: Flask, blueprint: ApiBlueprint) -> None:
    """Register routes of a feature below /api."""
    app.extensions["api"].show(blueprint)


def configure(app: Flask) -> None:
    """Make the API of an application ready to be filled."""
    app.config.update(
        API_TITLE=app.config["SITE_NAME"], API_VERSION=VERSION, OPENAPI_VERSION="3.1.0"
    )
    app.extensions["api"] = Api(app)
    app.register_error_handler(CredentialsRefused, refuse)
