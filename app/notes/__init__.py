"""Notes: everybody's own, and nobody else's. An example of a feature of your own, to copy.

Follows OWASP ASVS 5.0.0, V8: who may see a record is decided by the query that finds it. Adds
to the house a table, the pages under /notes, a link in the menu and a draft kept at sign-in.
"""

from app.core.feature import Feature, MenuLink

feature = Feature(
    "notes",
    needs=("login",),
    offered="recommended",
    title="Notes",
    summary="Private notes with search: an example of a feature of your own, to copy.",
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    account_menu=(MenuLink("Notes", "notes.index"),),
    kept_at_sign_in=("notes.draft",),
    export="service:export",
)
