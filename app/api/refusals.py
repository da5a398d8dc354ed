"""How a route can refuse: asked of its marks, and answered as a client would be answered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response
from werkzeug import exceptions

from app.api.bearer import invalid_token
from app.api.door import step_needed
from app.api.face import unknown_scheme
from app.api.points import find_api_step
from app.api.problems import ANSWERS, refuse
from app.core.access import access_rules
from app.core.errors import Busy, TooManyAttempts
from app.core.principal import STRANGER, Principal
from app.login.points import LOGIN_STEPS

# Somebody who has been recognised, and may do nothing by that alone.
RECOGNISED = Principal(method="recognised")


@dataclass(frozen=True)
class Route:
    """One method of one address.

    Args:
        app: the application it belongs to.
        endpoint: its name.
        method: in small letters.
        takes: the schemas of its body and of its query, as the document writes them.
        has_variable: whether a part of its address names a thing that may not be there.
        gives_tokens: whether it ends at the door.
    """

    app: Flask
    endpoint: str
    method: str
    takes: dict[str, Any] = field(default_factory=dict)
    has_variable: bool = False
    gives_tokens: bool = False

    @property
    def view_class(self) -> Any:
        """The class of its view, if it has one."""
        return getattr(self.app.view_functions[self.endpoint], "view_class", None)

    def marks(self, name: str) -> list[Any]:
        """Return what a mark says on the class and on the function."""
        view = self.app.view_functions[self.endpoint]
        places = (self.view_class, getattr(self.view_class, self.method, view))
        return [getattr(place, name) for place in places if hasattr(place, name)]

    def refusals_of_access(self) -> Iterator[Response]:
        """Ask each of the rules itself, for somebody unknown and for somebody known."""
        for principal in (STRANGER, RECOGNISED):
            for rule in access_rules(self.app, self.endpoint, self.method):
                try:
                    rule.ask(principal)
                except tuple(ANSWERS) as refusal:
                    yield refuse(refusal)

    @property
    def is_public(self) -> bool:
        """Whether everybody may call it."""
        return not list(self.refusals_of_access())

    def refusals(self) -> Iterator[Response]:
        """Yield every refusal there can be, as it would be answered."""
        yield from self.refusals_of_access()
        if not self.is_public:
            yield refuse(invalid_token())
            yield refuse(unknown_scheme())
        yield from self._of_the_request()
        for marked in self.marks("refusals"):
            for refusal in marked:
                about = (refusal.error.__doc__ or "").strip().partition("\n")[0]
                yield refusal.answer(Exception(about))

        for forbidden in self.marks("forbids"):
            yield from map(refuse, forbidden)
        if self.marks("guessing"):
            yield refuse(TooManyAttempts(60))
        if self.gives_tokens:
            yield from self._of_the_door()
        yield refuse(exceptions.InternalServerError())

    def _of_the_door(self) -> Iterator[Response]:
        """Yield what is said where a step may be waiting before there are tokens."""
        for step in LOGIN_STEPS:
            by_api = find_api_step(step.key)
            if by_api:
                facts = {"address": "/where/it/is/done"}
                yield step_needed(step.key, "names-this-sign-in", facts)
            if by_api is None or by_api.may_take_browser:
                yield step_needed(step.key, "names-this-sign-in", None)

    def _of_the_request(self) -> Iterator[Response]:
        if self.has_variable:
            yield refuse(exceptions.NotFound())
        if "json" in self.takes:
            yield refuse(
                _with(exceptions.BadRequest(), code="malformed_json", detail="The body is no JSON.")
            )
            yield refuse(exceptions.RequestEntityTooLarge())
            yield refuse(exceptions.UnsupportedMediaType())
            # Hashing waits for a processor, and gives up when too many wait.
            if "'format': 'password'" in str(self.takes["json"]):
                yield refuse(Busy())
        for place in self.takes:
            found = {place: {"a_field": ["What is wrong with it."]}}
            yield refuse(_with(exceptions.UnprocessableEntity(), messages=found))


def _with(error: exceptions.HTTPException, **data: Any) -> exceptions.HTTPException:
    """Give an error what the parser of requests would give it."""
    error.data = data  # type: ignore[attr-defined]
    return error
