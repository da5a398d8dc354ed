"""Example things: everybody's own, and nobody else's."""

from app.core.feature import Feature, MenuLink

feature = Feature(
    "example_things",
    needs=("login",),
    title="Example things",
    summary="The example things that somebody keeps.",
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    account_menu=(MenuLink("Example things", "example_things.index"),),
    export="service:export",
)
