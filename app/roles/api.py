"""The API's face: what a program may show and what it had better hide."""

from flask import Flask

from app.api.blueprint import ApiBlueprint, add_to_api
from app.core.access import signed_in
from app.core.current import current_principal
from app.roles.api_schemas import MyRolesSchema

blueprint = ApiBlueprint("roles", __name__, "", "What you may do.")
signed_in(blueprint)


@blueprint.get("/me/roles")
@blueprint.response(200, MyRolesSchema)
def mine() -> dict[str, list[str]]:
    """List your roles and what they allow, as of now."""
    return {
        "roles": sorted(current_principal.roles),
        "permissions": sorted(current_principal.permissions),
    }


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
