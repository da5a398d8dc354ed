# file of feature: api
"""The administration on both faces: roles, and the log."""

import re
from html import unescape
from urllib.parse import quote, urlencode
from uuid import UUID

from werkzeug.test import TestResponse

from app.accounts.service import get_user
from app.extensions import db
from app.login.models import LoginSession
from app.roles import service as roles
from tests.conftest import Browser
from tests.house.parity import (
    ADA,
    GRACE,
    NOWHERE,
    WRONG_PASSWORD,
    Preparation,
    Scene,
    UseCase,
    both,
    form,
    later,
    visit,
)
from tests.second_factor.word import give_word  # feature: second_factor

USER, LOG = "/admin/users/{id}", "/admin/security-log"


def give(scene: Scene, email: str, role: str, *permissions: str) -> None:
    """Give somebody a role; one that is not there is made."""
    with scene.saving():
        if role not in {line.name for line in roles.list_roles()}:
            roles.create_role(role, permissions)
        roles.grant(get_user(email), role)


def administers(scene: Scene) -> None:
    """Ada may do everything, and Grace has a role."""
    scene.account(GRACE)
    give(scene, ADA, "admin")
    give(scene, GRACE, "editor", "users:read")


def may(*permissions: str) -> Preparation:
    """Ada may do this and no more, and Grace has a role."""

    def prepare(scene: Scene) -> None:
        scene.account(GRACE)
        give(scene, ADA, "helper", *permissions)
        give(scene, GRACE, "editor", "users:read")

    return prepare


def found(scene: Scene, email: str = GRACE) -> None:
    """Know the id of somebody, and of where they are signed in."""
    with scene.app.app_context():
        user = get_user(email)
        scene.found["id"] = UUID(user.public_id)
        newest = db.select(LoginSession.public_id).where(LoginSession.user_id == user.id)
        row = db.session.scalar(newest.order_by(LoginSession.id.desc()).limit(1))
        scene.found["session"] = UUID(row) if row else NOWHERE


def on_grace(prepare: Preparation) -> Preparation:
    """Grace is signed in, and Ada knows her id."""

    def prepared(scene: Scene) -> None:
        prepare(scene)
        scene.another_browser(GRACE, "203.0.113.7")
        found(scene)

    return prepared


def on_herself(scene: Scene) -> None:
    """Ada may do everything, and knows her own id."""
    administers(scene)
    found(scene, ADA)


def on_an_administrator(scene: Scene) -> None:
    """Ada may act on accounts, and knows the id of somebody who may do everything."""
    may("users:read", "users:write", "roles:read", "roles:write")(scene)
    give(scene, GRACE, "admin")
    found(scene)


def on_the_unconfirmed(scene: Scene) -> None:
    """Somebody has registered, and never proved the address."""
    administers(scene)
    scene.account("lise@example.com", "Lise Meitner", confirmed=False)
    found(scene, "lise@example.com")


def attacked(scene: Scene) -> None:
    """Ada may do everything, and somebody has tried Grace's account."""
    administers(scene)
    Browser(scene.app, "203.0.113.7").sign_in(GRACE, WRONG_PASSWORD)


WRITER = ("roles:read", "roles:write")
READS, WRITES = may("roles:read"), may(*WRITER)


def spare(scene: Scene) -> None:
    """Ada may write roles, and there is one that nobody has."""
    WRITES(scene)
    with scene.saving():
        roles.create_role("spare", ("users:read",))


def allowed_on_page(answer: TestResponse) -> list[str]:
    """Return which roles a page names, or what it says that the one allows."""
    listed = re.findall(r"<h2><a [^>]+>([^<]+)</a></h2>", answer.text)
    return listed or re.findall(r"<li><strong>([^<]+)</strong>", answer.text)


def allowed_by_program(answer: TestResponse) -> list[str]:
    """Return the same from the API."""
    found = answer.json
    return [role["name"] for role in found["items"]] if "items" in found else found["permissions"]


def told_on_page(answer: TestResponse) -> list[tuple[str, str]]:
    """Return what a page says has happened, and to whom."""
    found = re.findall(r'<li class="event">.*?<h2>(.+?)</h2>(.*?)</li>', answer.text, re.DOTALL)
    named = ((title, re.search(r"Account: (?:<a [^>]+>)?([^<]+)", rest)) for title, rest in found)
    return [(unescape(title), account[1] if account else "") for title, account in named]


def told_by_program(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the same from the API."""
    return [(item["title"], item["account"]) for item in answer.json["items"]]


def export_on_page(scene: Scene, **wanted: str) -> TestResponse:
    """Export the log as the page shows it."""
    return scene.browser.submit(f"{LOG}/export?{urlencode(wanted)}", "/account")


def rows(answer: TestResponse) -> list[list[str]]:
    """Return what the table says of the kinds of events and where they came from."""
    lines = (line.strip('"').split('","') for line in answer.text.splitlines())
    return [[line[2], line[7]] for line in lines]


def people(answer: TestResponse) -> list[str]:
    """Return whom a list names."""
    if answer.is_json:
        return [item["name"] for item in answer.json["items"]]
    return re.findall(r'href="/admin/users/[0-9a-f-]{36}">([^<]+)</a>', answer.text)


def see(what: str, known: str, prepare: Preparation) -> UseCase:
    """Return a look at an account; a page shows at once what a program asks for in parts."""
    return both(
        f"see an account{what}",
        f"GET /users/{{id}}{what}",
        page=visit(USER),
        prepare=prepare,
        seen=lambda answer: known in answer.text,
        seen_if_refused=True,
    )


def find(word: str) -> UseCase:
    """Return a search for accounts."""
    return both(
        f"find accounts: {quote(word)!r}",
        "GET /users",
        page=visit("/admin/users"),
        prepare=administers,
        seen=people,
        search=word,
    )


def change_user(use_case: str, covers: str, page: str, opened: str = "/account") -> UseCase:
    """Return something that Ada does to Grace."""
    return both(use_case, covers, page=form(USER + page, opened), prepare=GRACES)


def change_role(use_case: str, covers: str, page: str) -> UseCase:
    """Return something that Ada does with a role."""
    return both(use_case, covers, page=form(page, "/account"), prepare=administers)


# feature: second_factor
def with_a_word(scene: Scene) -> None:
    """Grace has a second factor, and whoever asks may take it."""
    GRACES(scene)
    give_word(scene.app, GRACE)


# endfeature
GRACES = on_grace(administers)
ACTS = {
    what: change_user(what, f"POST /users/{{id}}/{what}", f"/{what}")
    for what in ("deactivate", "activate", "end-sessions", "require-password")
}
end = change_user(
    "end somebody's sign-in", "DELETE /users/{id}/sessions/{session}", "/sessions/{session}/end"
)
grant = change_user("give a role", "PUT /users/{id}/roles/{role}", "/roles")
revoke = change_user("take a role", "DELETE /users/{id}/roles/{role}", "/roles/{role}/revoke")
# feature: second_factor
take = change_user(
    "take a factor",
    "POST /users/{id}/factors/word/take-away",
    "/factors/word/take-away",
    "/reauthenticate",
)
# endfeature
list_roles, see_role = (
    both(
        use_case,
        f"GET {path}",
        page=visit(f"/admin{path}"),
        prepare=administers,
        seen=(allowed_on_page, allowed_by_program),
    )
    for use_case, path in (("list roles", "/roles"), ("see a role", "/roles/{role}"))
)
make = change_role("make a role", "POST /roles", "/admin/new-role")
change = change_role("change a role", "PUT /roles/{role}", "/admin/roles/{role}/permissions")
delete = change_role("delete a role", "DELETE /roles/{role}", "/admin/roles/{role}/delete")
read = both(
    "read the log of all",
    "GET /security-log",
    page=visit(LOG),
    prepare=attacked,
    seen=(told_on_page, told_by_program),
)
export = both(
    "export the log", "POST /security-log/export", page=export_on_page, prepare=attacked, seen=rows
)
account = see("", GRACE, GRACES)
sessions = see("/sessions", "203.0.113.7", GRACES)
factors = see("/factors", "known by heart", with_a_word)  # feature: second_factor

CASES = [
    find(""),
    find("GRACE"),
    find("%"),
    account("done"),
    account("not found", "not found", administers, id=NOWHERE),
    account("not allowed", "not allowed", on_grace(READS)),
    sessions("done"),
    sessions("not found", "not found", administers, id=NOWHERE),
    *(act("of somebody") for act in ACTS.values()),
    *(act("of nobody", "not found", administers, id=NOWHERE) for act in ACTS.values()),
    *(act("by an old proof", "prove presence", also=later) for act in ACTS.values()),
    *(act("of a higher one", "not allowed", on_an_administrator) for act in ACTS.values()),
    *(act("of oneself", "not allowed", on_herself) for act in ACTS.values()),
    ACTS["deactivate"]("without leave", "not allowed", on_grace(may("users:read"))),
    ACTS["require-password"]("of nobody's address", "409", on_the_unconfirmed),
    end("of somebody"),
    end("that is not there", "not found", administers, id=NOWHERE, session=NOWHERE),
    end("of a higher one", "not allowed", on_an_administrator),
    end("by an old proof", "prove presence", also=later),
    grant("to somebody", role="admin"),
    grant("that is not there", "not found", role="nobody"),
    grant("beyond one's own", "not allowed", on_grace(may("users:read", *WRITER)), role="admin"),
    grant("to oneself", "not allowed", on_herself, role="editor"),
    grant("by an old proof", "prove presence", also=later, role="editor"),
    revoke("of somebody", role="editor"),
    revoke("that is not there", "not found", role="nobody"),
    revoke("of a higher one", "not allowed", on_an_administrator, role="admin"),
    revoke("by an old proof", "prove presence", also=later, role="editor"),
    list_roles("done"),
    list_roles("not allowed", "not allowed", may("users:read")),
    see_role("done", "done", READS, role="editor"),
    see_role("not found", "not found", READS, role="nobody"),
    see_role("not allowed", "not allowed", may("roles:write"), role="editor"),
    make("one's own", "done", WRITES, name="reader", permissions=["roles:read"]),
    make("that is there", "refused: name", name="editor", permissions=[]),
    make("that is fixed", "refused: name", name="admin", permissions=[]),
    make("by a name that is none", "refused: name", name="Two Words", permissions=[]),
    make("beyond one's own", "not allowed", WRITES, name="ladder", permissions=["users:write"]),
    make("of nothing declared", "refused: permissions", name="mine", permissions=["users:all"]),
    make("without leave", "not allowed", READS, name="mine", permissions=[]),
    make("by an old proof", "prove presence", also=later, name="mine", permissions=[]),
    change("by an administrator", role="editor", permissions=["users:read", "users:write"]),
    change(
        "within one's own", "done", spare, role="spare", permissions=["users:read", "roles:read"]
    ),
    change("that takes what one lacks", "not allowed", spare, role="spare", permissions=[]),
    change(
        "that somebody higher has", "not allowed", WRITES, role="editor", permissions=["users:read"]
    ),
    change("of nothing declared", "refused: permissions", role="editor", permissions=["users:all"]),
    change("that one has", "not allowed", WRITES, role="helper", permissions=["roles:read"]),
    change("that is fixed", "409", role="admin", permissions=[]),
    change("that is not there", "not found", role="nobody", permissions=[]),
    change("without leave", "not allowed", READS, role="editor", permissions=[]),
    change("by an old proof", "prove presence", also=later, role="editor", permissions=[]),
    delete("by an administrator", role="editor"),
    delete("that allows more", "not allowed", spare, role="spare"),
    delete("that somebody higher has", "not allowed", WRITES, role="editor"),
    delete("that one has", "not allowed", WRITES, role="helper"),
    delete("that is fixed", "409", role="admin"),
    delete("that is not there", "not found", role="nobody"),
    delete("without leave", "not allowed", READS, role="editor"),
    delete("by an old proof", "prove presence", also=later, role="editor"),
    # feature: second_factor
    factors("done"),
    factors("not found", "not found", administers, id=NOWHERE),
    take("of somebody", "done", with_a_word, reason="lost"),
    take("that is not there", "not found", reason="lost"),
    take("of nobody", "not found", administers, id=NOWHERE, reason="lost"),
    take("of a higher one", "not allowed", on_an_administrator, reason="lost"),
    take("by an old proof", "prove presence", also=later, reason="lost"),
    # endfeature
    read("of one", account=GRACE),
    read("of one kind", kind="sign_in_refused"),
    read("of nobody", account="nobody@example.com"),
    read("of days to come", since="2100-01-01"),
    read("of days that are none", "refused: since, until", since="soon", until="2020-02-30"),
    read("of days in no order", "refused: until", since="2020-02-02", until="2020-02-01"),
    read("of no kind", "refused: kind", kind="everything"),
    read("without leave", "not allowed", may("users:read")),
    export("of one", account=GRACE, kind="sign_in_refused"),
    export("of nobody", account="nobody@example.com"),
    export("of no kind", "refused: kind", kind="everything"),
    export("without leave", "not allowed", may("users:read")),
    export("by an old proof", "prove presence", also=later),
]
PROGRAMS_ALONE = {
    # The pages of roles show them as ticks, each with what it allows.
    "GET /permissions",
}
