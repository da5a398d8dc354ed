# file of feature: api
"""The administration on both faces: roles, and the log."""

import re
from collections.abc import Callable
from functools import partial
from html import unescape
from uuid import UUID

from werkzeug.test import TestResponse

from app.accounts.service import get_user
from app.extensions import db
from app.login.models import LoginSession
from app.roles import service as roles
from tests.conftest import Browser
from tests.house.parity import ADA, GRACE, Scene, UseCase, nothing
from tests.second_factor.word import give_word  # feature: second_factor

ROLES, LOG = "/admin/roles", "/admin/security-log"
ROLE = "/roles/<string(maxlength=40):name>"
Preparation = Callable[[Scene], object]


def give(scene: Scene, email: str, role: str, *permissions: str) -> None:
    """Give somebody a role; one that is not there is made."""
    with scene.app.app_context():
        if role not in {line.name for line in roles.list_roles()}:
            roles.create_role(role, permissions)
        roles.grant(get_user(email), role)
        db.session.commit()


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


def later(scene: Scene) -> None:
    """Ada may do everything, and the proof of her presence is old."""
    administers(scene)
    scene.clock.forward(minutes=14)


def found(scene: Scene, email: str = GRACE) -> None:
    """Know the id of somebody, and of where they are signed in."""
    with scene.app.app_context():
        user = get_user(email)
        scene.found["id"] = UUID(user.public_id)
        newest = db.select(LoginSession.public_id).where(LoginSession.user_id == user.id)
        row = db.session.scalar(newest.order_by(LoginSession.id.desc()).limit(1))
        scene.found["session"] = UUID(row) if row else UUID(int=1)


def on_grace(prepare: Preparation) -> Preparation:
    """Grace is signed in, and Ada knows her id."""

    def prepared(scene: Scene) -> None:
        prepare(scene)
        assert Browser(scene.app, "203.0.113.7").sign_in(GRACE).status_code == 303
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


def on_nobody(scene: Scene) -> None:
    """There is no such account."""
    administers(scene)
    scene.found.update(id=UUID(int=1), session=UUID(int=1))


def on_the_unconfirmed(scene: Scene) -> None:
    """Somebody has registered, and never proved the address."""
    administers(scene)
    scene.account("lise@example.com", "Lise Meitner", confirmed=False)
    found(scene, "lise@example.com")


def after_a_while(scene: Scene) -> None:
    """Ada knows Grace's id, and the proof of her presence is old."""
    on_grace(administers)(scene)
    scene.clock.forward(minutes=14)


def attacked(scene: Scene) -> None:
    """Ada may do everything, and somebody has tried Grace's account."""
    administers(scene)
    Browser(scene.app, "203.0.113.7").sign_in(GRACE, "not-the-password-of-anybody")


WRITER = ("roles:read", "roles:write")
READS, WRITES = may("roles:read"), may(*WRITER)


def spare(scene: Scene) -> None:
    """Ada may write roles, and there is one that nobody has."""
    WRITES(scene)
    with scene.app.app_context():
        roles.create_role("spare", ("users:read",))
        db.session.commit()


def look(name: str, ends: str, path: str, covers: str, prepare: Preparation) -> UseCase:
    """Return a look at roles."""
    found = ends == "done"
    return UseCase(
        f"{name}: {ends}",
        covers=f"GET {covers}",
        ends=ends,
        page=lambda scene: scene.browser.get(f"/admin{path}"),
        program=lambda scene: scene.program.get(path),
        signed_in=True,
        prepare=prepare,
        seen_on_page=allowed_on_page if found else nothing,
        seen_by_program=allowed_by_program if found else nothing,
    )


def allowed_on_page(answer: TestResponse) -> list[str]:
    """Return which roles a page names, or what it says that the one allows."""
    listed = re.findall(r"<h2><a [^>]+>([^<]+)</a></h2>", answer.text)
    return listed or re.findall(r"<li><strong>([^<]+)</strong>", answer.text)


def allowed_by_program(answer: TestResponse) -> list[str]:
    """Return the same from the API."""
    found = answer.json
    return [role["name"] for role in found["items"]] if "items" in found else found["permissions"]


def make(name: str, ends: str, role: str, permissions: list[str], prepare: Preparation) -> UseCase:
    """Return the making of a role."""
    return UseCase(
        f"make a role: {name}",
        covers="POST /roles",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            "/admin/new-role", "/account", name=role, permissions=permissions
        ),
        program=lambda scene: scene.program.post(
            "/roles", {"name": role, "permissions": permissions}
        ),
        signed_in=True,
        prepare=prepare,
    )


def change(
    name: str, ends: str, role: str, permissions: list[str], prepare: Preparation
) -> UseCase:
    """Return the change of a role."""
    return UseCase(
        f"change a role: {name}",
        covers=f"PUT {ROLE}",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"{ROLES}/{role}/permissions", "/account", permissions=permissions
        ),
        program=lambda scene: scene.program.call(
            "PUT", f"/roles/{role}", {"permissions": permissions}
        ),
        signed_in=True,
        prepare=prepare,
    )


def delete(name: str, ends: str, role: str, prepare: Preparation) -> UseCase:
    """Return the end of a role."""
    return UseCase(
        f"delete a role: {name}",
        covers=f"DELETE {ROLE}",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{ROLES}/{role}/delete", "/account"),
        program=lambda scene: scene.program.call("DELETE", f"/roles/{role}"),
        signed_in=True,
        prepare=prepare,
    )


def read(name: str, ends: str, query: str, prepare: Preparation = attacked) -> UseCase:
    """Return a look at the log."""
    found = ends == "done"
    return UseCase(
        f"read the log of all: {name}",
        covers="GET /security-log",
        ends=ends,
        page=lambda scene: scene.browser.get(f"{LOG}{query}"),
        program=lambda scene: scene.program.get(f"/security-log{query}"),
        signed_in=True,
        prepare=prepare,
        seen_on_page=told_on_page if found else nothing,
        seen_by_program=told_by_program if found else nothing,
    )


def told_on_page(answer: TestResponse) -> list[tuple[str, str]]:
    """Return what a page says has happened, and to whom."""
    found = re.findall(r'<li class="event">.*?<h2>(.+?)</h2>(.*?)</li>', answer.text, re.DOTALL)
    named = ((title, re.search(r"Account: (?:<a [^>]+>)?([^<]+)", rest)) for title, rest in found)
    return [(unescape(title), account[1] if account else "") for title, account in named]


def told_by_program(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the same from the API."""
    return [(item["title"], item["account"]) for item in answer.json["items"]]


def export(name: str, ends: str, prepare: Preparation = attacked, **wanted: str) -> UseCase:
    """Return the taking away of the log."""
    query = "&".join(f"{key}={value}" for key, value in wanted.items())
    found = ends == "done"
    return UseCase(
        f"export the log: {name}",
        covers="POST /security-log/export",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{LOG}/export?{query}", "/account"),
        program=lambda scene: scene.program.post("/security-log/export", wanted),
        signed_in=True,
        prepare=prepare,
        seen_on_page=rows if found else nothing,
        seen_by_program=rows if found else nothing,
    )


def rows(answer: TestResponse) -> list[list[str]]:
    """Return what the table says of the kinds of events and where they came from."""
    lines = (line.strip('"').split('","') for line in answer.text.splitlines())
    return [[line[2], line[7]] for line in lines]


def people(answer: TestResponse) -> list[str]:
    """Return whom a list names."""
    if answer.is_json:
        return [item["name"] for item in answer.json["items"]]
    return re.findall(r'href="/admin/users/[0-9a-f-]{36}">([^<]+)</a>', answer.text)


def search(word: str) -> UseCase:
    """Return a look for accounts."""
    return UseCase(
        f"find accounts: {word!r}",
        covers="GET /users",
        ends="done",
        page=lambda scene: scene.browser.get(f"/admin/users?search={word}"),
        program=lambda scene: scene.program.get(f"/users?search={word}"),
        signed_in=True,
        prepare=administers,
        seen_on_page=people,
        seen_by_program=people,
    )


def see(what: str, ends: str, prepare: Preparation) -> UseCase:
    """Return a look at an account; a page shows at once what a program asks for in two parts."""
    known = {"": GRACE, "/sessions": "203.0.113.7", "/factors": "known by heart"}[what]
    return UseCase(
        f"see an account{what}: {ends}",
        covers=f"GET /users/<uuid:public_id>{what}",
        ends=ends,
        page=lambda scene: scene.browser.get(f"/admin/users/{scene.found['id']}"),
        program=lambda scene: scene.program.get(f"/users/{scene.found['id']}{what}"),
        signed_in=True,
        prepare=prepare,
        seen_on_page=lambda page: known in page.text,
        seen_by_program=lambda answer: known in answer.text,
    )


def act(what: str, name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return an act on an account."""
    return UseCase(
        f"{what}: {name}",
        covers=f"POST /users/<uuid:public_id>/{what}",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"/admin/users/{scene.found['id']}/{what}", "/account"
        ),
        program=lambda scene: scene.program.post(f"/users/{scene.found['id']}/{what}"),
        signed_in=True,
        prepare=prepare,
    )


def end(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the end of one sign-in of somebody."""
    return UseCase(
        f"end somebody's sign-in: {name}",
        covers="DELETE /users/<uuid:public_id>/sessions/<uuid:session_id>",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"/admin/users/{scene.found['id']}/sessions/{scene.found['session']}/end", "/account"
        ),
        program=lambda scene: scene.program.call(
            "DELETE", f"/users/{scene.found['id']}/sessions/{scene.found['session']}"
        ),
        signed_in=True,
        prepare=prepare,
    )


def grant(name: str, ends: str, role: str, prepare: Preparation) -> UseCase:
    """Return the giving of a role."""
    return UseCase(
        f"give a role: {name}",
        covers=f"PUT /users/<uuid:public_id>{ROLE}",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"/admin/users/{scene.found['id']}/roles", "/account", role=role
        ),
        program=lambda scene: scene.program.call("PUT", f"/users/{scene.found['id']}/roles/{role}"),
        signed_in=True,
        prepare=prepare,
    )


def revoke(name: str, ends: str, role: str, prepare: Preparation) -> UseCase:
    """Return the taking of a role."""
    return UseCase(
        f"take a role: {name}",
        covers=f"DELETE /users/<uuid:public_id>{ROLE}",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"/admin/users/{scene.found['id']}/roles/{role}/revoke", "/account"
        ),
        program=lambda scene: scene.program.call(
            "DELETE", f"/users/{scene.found['id']}/roles/{role}"
        ),
        signed_in=True,
        prepare=prepare,
    )


# feature: second_factor
def with_a_word(scene: Scene) -> None:
    """Grace has a second factor, and whoever asks may take it."""
    GRACES(scene)
    give_word(scene.app, GRACE)


def take(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the taking of a second factor."""
    return UseCase(
        f"take a factor: {name}",
        covers="POST /users/<uuid:public_id>/factors/<string(maxlength=40):factor>/take-away",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"/admin/users/{scene.found['id']}/factors/word/take-away",
            "/reauthenticate",
            reason="lost",
        ),
        program=lambda scene: scene.program.post(
            f"/users/{scene.found['id']}/factors/word/take-away", {"reason": "lost"}
        ),
        signed_in=True,
        prepare=prepare,
    )


# endfeature
GRACES = on_grace(administers)
ACTS = ("deactivate", "activate", "end-sessions", "require-password")
one = partial(look, "see a role", covers=ROLE)

CASES = [
    search(""),
    search("GRACE"),
    search("%25"),
    see("", "done", GRACES),
    see("", "not found", on_nobody),
    see("", "not allowed", on_grace(READS)),
    see("/sessions", "done", GRACES),
    see("/sessions", "not found", on_nobody),
    *(act(what, "of somebody", "done", GRACES) for what in ACTS),
    *(act(what, "of nobody", "not found", on_nobody) for what in ACTS),
    *(act(what, "by an old proof", "prove presence", after_a_while) for what in ACTS),
    *(act(what, "of a higher one", "not allowed", on_an_administrator) for what in ACTS),
    *(act(what, "of oneself", "not allowed", on_herself) for what in ACTS),
    act("deactivate", "without leave", "not allowed", on_grace(may("users:read"))),
    act("require-password", "of nobody's address", "409", on_the_unconfirmed),
    end("of somebody", "done", GRACES),
    end("that is not there", "not found", on_nobody),
    end("of a higher one", "not allowed", on_an_administrator),
    end("by an old proof", "prove presence", after_a_while),
    grant("to somebody", "done", "admin", GRACES),
    grant("that is not there", "not found", "nobody", GRACES),
    grant("beyond one's own", "not allowed", "admin", on_grace(may("users:read", *WRITER))),
    grant("to oneself", "not allowed", "editor", on_herself),
    grant("by an old proof", "prove presence", "editor", after_a_while),
    revoke("of somebody", "done", "editor", GRACES),
    revoke("that is not there", "not found", "nobody", GRACES),
    revoke("of a higher one", "not allowed", "admin", on_an_administrator),
    revoke("by an old proof", "prove presence", "editor", after_a_while),
    look("list roles", "done", "/roles", "/roles", administers),
    look("list roles", "not allowed", "/roles", "/roles", may("users:read")),
    one("done", "/roles/editor", prepare=READS),
    one("not found", "/roles/nobody", prepare=READS),
    one("not allowed", "/roles/editor", prepare=may("roles:write")),
    make("one's own", "done", "reader", ["roles:read"], WRITES),
    make("that is there", "refused: name", "editor", [], administers),
    make("that is fixed", "refused: name", "admin", [], administers),
    make("by a name that is none", "refused: name", "Two Words", [], administers),
    make("beyond one's own", "not allowed", "ladder", ["users:write"], WRITES),
    make("of nothing declared", "refused: permissions", "mine", ["users:all"], administers),
    make("without leave", "not allowed", "mine", [], READS),
    make("by an old proof", "prove presence", "mine", [], later),
    change("by an administrator", "done", "editor", ["users:read", "users:write"], administers),
    change("within one's own", "done", "spare", ["users:read", "roles:read"], spare),
    change("that takes what one lacks", "not allowed", "spare", [], spare),
    change("that somebody higher has", "not allowed", "editor", ["users:read"], WRITES),
    change("of nothing declared", "refused: permissions", "editor", ["users:all"], administers),
    change("that one has", "not allowed", "helper", ["roles:read"], WRITES),
    change("that is fixed", "409", "admin", [], administers),
    change("that is not there", "not found", "nobody", [], administers),
    change("without leave", "not allowed", "editor", [], READS),
    change("by an old proof", "prove presence", "editor", [], later),
    delete("by an administrator", "done", "editor", administers),
    delete("that allows more", "not allowed", "spare", spare),
    delete("that somebody higher has", "not allowed", "editor", WRITES),
    delete("that one has", "not allowed", "helper", WRITES),
    delete("that is fixed", "409", "admin", administers),
    delete("that is not there", "not found", "nobody", administers),
    delete("without leave", "not allowed", "editor", READS),
    delete("by an old proof", "prove presence", "editor", later),
    # feature: second_factor
    see("/factors", "done", with_a_word),
    see("/factors", "not found", on_nobody),
    take("of somebody", "done", with_a_word),
    take("that is not there", "not found", GRACES),
    take("of nobody", "not found", on_nobody),
    take("of a higher one", "not allowed", on_an_administrator),
    take("by an old proof", "prove presence", after_a_while),
    # endfeature
    read("of one", "done", f"?account={GRACE}"),
    read("of one kind", "done", "?kind=sign_in_refused"),
    read("of nobody", "done", "?account=nobody@example.com"),
    read("of days to come", "done", "?since=2100-01-01"),
    read("of days that are none", "refused: since, until", "?since=soon&until=2020-02-30"),
    read("of days in no order", "refused: until", "?since=2020-02-02&until=2020-02-01"),
    read("of no kind", "refused: kind", "?kind=everything"),
    read("without leave", "not allowed", "", may("users:read")),
    export("of one", "done", account=GRACE, kind="sign_in_refused"),
    export("of nobody", "done", account="nobody@example.com"),
    export("of no kind", "refused: kind", kind="everything"),
    export("without leave", "not allowed", may("users:read")),
    export("by an old proof", "prove presence", later),
]
PROGRAMS_ALONE = {
    # The pages of roles show them as ticks, each with what it allows.
    "GET /permissions",
}
