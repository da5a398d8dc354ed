"""The API's own face: its description."""

from flask import Response, jsonify

from app.api.blueprint import ApiBlueprint
from app.api.openapi import document
from app.api.schemas import DocumentSchema
from app.core.access import public

blueprint = ApiBlueprint("api", __name__, "", "About the API.")


@blueprint.get("/openapi.json")
@public
@blueprint.response(200, DocumentSchema)
def openapi() -> Response:
    """Get this document: every address, what it takes, gives and refuses."""
    return jsonify(document())
