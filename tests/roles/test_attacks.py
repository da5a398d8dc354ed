"""What must never open a door."""

import pytest
from flask import Flask

from app.accounts.service import get_user
from app.extensions import db
from app.profile import deletion, housekeeping
from app.roles import service
from tests.conftest import PASSWORD, Browser, Mailbox
from tests.roles.conftest import CREDENTIALS, GUARDED, KEEPER, READ
from tests.tables import Case

FORMS = {"session": "text/html"}
FORMS["jwt"] = "application/problem+json"  # feature: api
MORE = {"roles": "admin", "role": "admin", "permissions": READ, "is_admin": "y", "admin": "1"}


def is_refused(app: Flask, email: str) -> bool:
    """Tell whether every guarded view refuses somebody who is known."""
    asks = [come(app, email) for come in CREDENTIALS.values()]
    return {ask(path).status_code for ask in asks for path in GUARDED} == {403}


@pytest.mark.asvs("8.2.1", "8.3.1")
@pytest.mark.parametrize("method", CREDENTIALS)
def test_who_is_known_and_may_not_is_refused_everywhere(app: Flask, user: str, method: str) -> None:
    ask = CREDENTIALS[method](app, user)
    for path in GUARDED:
        answer = ask(path)
        assert answer.status_code == 403, path
        assert answer.mimetype == FORMS[method]
        assert "WWW-Authenticate" not in answer.headers
    assert ask("/roles/way-in").status_code == 200


@pytest.mark.asvs("8.2.1")
def test_a_stranger_is_sent_to_the_sign_in_page(app: Flask) -> None:
    for path in GUARDED:
        answer = Browser(app).get(f"/shelf{path}")
        assert (answer.status_code, answer.headers["Location"][:6]) == (303, "/login"), path


# feature: api
@pytest.mark.asvs("8.2.1")
def test_a_program_that_nobody_knows_is_asked_who_it_is(app: Flask) -> None:
    for path in GUARDED:
        answer = Browser(app).get(f"/api/v1/shelf{path}")
        assert answer.status_code == 401, path
        assert answer.json["code"] == "credentials_missing"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.asvs("8.2.1", "8.3.1")
def test_a_service_is_asked_by_the_same_marks_and_has_nothing_of_an_account(app: Flask) -> None:
    def ask(badge: str, path: str) -> tuple[int, str]:
        headers = {"Authorization": f"Badge {badge}"}
        answer = Browser(app).get(f"/api/v1/shelf{path}", headers=headers)
        return answer.status_code, answer.json["code"] if answer.is_json else answer.text

    for path in GUARDED:
        asks_for_an_account = path.endswith(("/known", "/deeper/"))
        opens = (403, "account_required") if asks_for_an_account else (200, "badge")
        assert ask(KEEPER, path) == opens, path
        assert ask("guest", path) == (403, "forbidden"), path
    assert ask(KEEPER, "/button") == (403, "account_required")


# endfeature
@pytest.mark.asvs("15.3.3")
def test_a_role_is_refused_to_whoever_writes_one_into_the_form_of_registration(
    app: Flask, browser: Browser, mailbox: Mailbox
) -> None:
    browser.register("eve@example.com", **MORE)
    browser.submit(mailbox.last_link(), password=PASSWORD, **MORE)
    assert is_refused(app, "eve@example.com")


@pytest.mark.asvs("15.3.3")
def test_a_role_is_refused_to_whoever_writes_one_into_the_profile(
    app: Flask, signed_in: Browser, user: str
) -> None:
    assert signed_in.submit("/account/profile", name="Eve", **MORE).status_code == 303
    assert is_refused(app, user)


# feature: api
@pytest.mark.asvs("15.3.3")
def test_a_body_that_names_a_role_is_refused(app: Flask, user: str, case: Case) -> None:
    from tests.conftest import Program

    program = Program(app)
    program.sign_in(user)
    known = {"email": "eve@example.com", "name": "Eve", "password": PASSWORD}
    for field, value in MORE.items():
        with case(field=field):
            for method, path, body in (
                ("POST", "/auth/register", known),
                ("POST", "/auth/token", {"email": user, "password": PASSWORD}),
                ("PATCH", "/me", {"name": "Eve"}),
            ):
                answer = program.call(method, path, {**body, field: value})
                assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), path
    assert is_refused(app, user)


@pytest.mark.asvs("8.3.1", "9.2.1")
def test_a_role_that_a_token_claims_is_refused(app: Flask, user: str) -> None:
    """Even one that we have signed: what stands in a token was true when it was made."""
    from tests.api.forge import altered
    from tests.conftest import Program

    program = Program(app)
    program.sign_in(user)
    claims = {"roles": ["admin"], "role": "admin", "permissions": [READ], "scope": READ}
    program.access_token = altered(program.access_token, **claims)
    assert program.is_signed_in()
    assert {program.send("GET", f"/shelf{path}").status_code for path in GUARDED} == {403}


# endfeature
@pytest.mark.asvs("8.3.2")
@pytest.mark.parametrize("method", CREDENTIALS)
@pytest.mark.parametrize("how", ["revoked", "deleted"])
def test_a_role_that_is_taken_away_opens_nothing_from_the_next_request_on(
    app: Flask, keeper: str, method: str, how: str
) -> None:
    ask = CREDENTIALS[method](app, keeper)
    assert ask("/role").status_code == 200
    with app.app_context():
        if how == "revoked":
            service.revoke(get_user(keeper), KEEPER)
        else:
            service.delete_role(KEEPER)
        db.session.commit()
    assert {ask(path).status_code for path in GUARDED} == {403}


@pytest.mark.asvs("8.3.2")
@pytest.mark.parametrize("method", CREDENTIALS)
def test_a_permission_that_a_role_loses_opens_nothing_from_the_next_request_on(
    app: Flask, keeper: str, method: str
) -> None:
    ask = CREDENTIALS[method](app, keeper)
    assert ask("/permission").status_code == 200
    with app.app_context():
        service.set_permissions(KEEPER, ())
        db.session.commit()
    assert ask("/permission").status_code == 403
    assert ask("/role").status_code == 200


def test_a_role_that_is_made_again_is_refused_to_who_had_the_old_one(
    app: Flask, keeper: str
) -> None:
    with app.app_context():
        service.delete_role(KEEPER)
        service.create_role(KEEPER, (READ,))
        db.session.commit()
    assert is_refused(app, keeper)


def test_a_role_of_part_of_a_name_is_refused(app: Flask, user: str) -> None:
    """``keeper`` is not opened by ``keeper-of-bees``, nor by the permission of a like name."""
    with app.app_context():
        service.create_role("keeper-of-bees")
        service.grant(get_user(user), "keeper-of-bees")
        db.session.commit()
    assert is_refused(app, user)


NO_NAMES = ["", "Admin", "a b", "a\nb", "<b>", "ädmin", "a" * 41, "-a", "1a"]


def test_a_name_that_could_be_taken_for_something_else_is_refused(app: Flask, case: Case) -> None:
    for name in NO_NAMES:
        with case(name=name), app.app_context(), pytest.raises(service.RoleNameRefused):
            service.create_role(name)


class TestTheLastAdministrator:
    """Is refused every way out: a house without one is administered by nobody."""

    @pytest.fixture(autouse=True)
    def is_there(self, app: Flask, administrator: str) -> None:
        """Somebody else has the role too, whose account cannot be used."""
        with app.app_context():
            from app.accounts import service as accounts

            eve = accounts.create(
                email="eve@example.com", name="Eve", password=None, confirmed=False
            )
            off = accounts.create(
                email="off@example.com", name="Off", password=None, confirmed=True
            )
            for other in (eve, off):
                service.grant(other, "admin")
            accounts.deactivate(off)
            db.session.commit()

    @pytest.mark.parametrize(
        "command",
        ["roles revoke {} admin", "accounts deactivate {}", "accounts erase {} --yes"],
    )
    def test_is_not_removed_at_the_terminal(
        self, app: Flask, administrator: str, command: str
    ) -> None:
        result = app.test_cli_runner().invoke(args=command.format(administrator).split())
        assert result.exit_code == 1
        assert "This is the last administrator." in result.output
        assert CREDENTIALS["session"](app, administrator)("/permission").status_code == 200

    def test_cannot_leave(self, app: Flask, administrator: str) -> None:
        browser = Browser(app)
        browser.sign_in(administrator)
        answer = browser.submit("/account/delete")
        assert answer.status_code == 409
        assert "This is the last administrator." in answer.text
        assert browser.get("/account").status_code == 200

    # feature: api
    def test_cannot_leave_by_a_program(self, app: Flask, administrator: str) -> None:
        from tests.conftest import Program

        program = Program(app)
        program.sign_in(administrator)
        answer = program.call("DELETE", "/me")
        assert (answer.status_code, answer.json["code"]) == (409, "still_needed")

    # endfeature
    def test_is_not_erased_when_the_others_have_gone_meanwhile(
        self, app: Flask, administrator: str
    ) -> None:
        """Two plan to leave, and one goes first."""
        with app.app_context():
            from app.core.principal import Principal

            other = get_user("off@example.com")
            other.active = True
            db.session.flush()
            for email in (administrator, "off@example.com"):
                deletion.request_deletion(Principal(user_id=get_user(email).id, method="session"))
            db.session.execute(
                db.update(deletion.AccountDeletion).values(
                    erase_at=deletion.clock.now() - deletion.GRACE
                )
            )
            assert housekeeping.erase_due() == 1
            db.session.commit()
            assert [u.email for u in service.holders("admin") if u.is_active] != []
