"""What whoever administers must not do, and nobody else at all."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from app.accounts.service import get_user
from app.admin import user_service
from app.admin.rank import ActingOnOneself, HigherAccount
from app.core.principal import Principal
from app.extensions import db
from app.roles import service as roles
from tests.admin.conftest import ADA, GRACE, allowed, give, make
from tests.admin.test_users import USERS, act, page_of
from tests.conftest import Browser, Clock, Mailbox
from tests.tables import Case

Helper = Callable[..., Browser]
ACTS = ["deactivate", "activate", "end-sessions", "require-password", "roles/admin/revoke", "roles"]
EVE = "eve@example.com"


@pytest.mark.asvs("8.2.1")
def test_whoever_may_not_look_is_refused(app: Flask, signed_in: Browser) -> None:
    page = page_of(app, ADA)
    for path in ("/admin", USERS, page):
        assert signed_in.get(path).status_code == 403, path
    assert 'href="/admin"' not in signed_in.get("/").text


@pytest.mark.asvs("8.2.1")
def test_whoever_may_only_look_is_refused_every_act(app: Flask, helper: Helper, case: Case) -> None:
    browser = helper("users:read", "roles:read", "security_log:read")
    make(app, EVE)
    page = page_of(app, EVE)
    assert "<button" not in browser.get(page).text.partition("admin-page")[2]
    token = {"csrf_token": browser.token("/")}
    for what in ACTS:
        with case(what=what):
            assert browser.post(f"{page}/{what}", {**token, "role": "admin"}).status_code == 403


@pytest.mark.asvs("8.3.1")
def test_an_administrator_is_refused_every_act_on_himself(
    app: Flask, administrator: Browser, case: Case
) -> None:
    page = page_of(app, ADA)
    for what in ACTS:
        with case(what=what):
            assert act_by_hand(administrator, page, what) == 403
            assert administrator.is_signed_in()
            with app.app_context():
                assert roles.roles_of(get_user(ADA).id) == ["admin"]


@pytest.mark.asvs("8.3.1")
@pytest.mark.parametrize("what", ACTS)
def test_every_act_on_a_higher_account_is_refused(
    app: Flask, administrator: Browser, helper: Helper, what: str
) -> None:
    browser = helper("users:read", "users:write", "roles:read", "roles:write")
    page = page_of(app, ADA)
    assert "may do more than you" in browser.get(page).text
    assert act_by_hand(browser, page, what) == 403
    assert administrator.is_signed_in()
    with app.app_context():
        assert roles.roles_of(get_user(ADA).id) == ["admin"]


def act_by_hand(browser: Browser, page: str, what: str) -> int:
    """Send what no button sends."""
    token = {"csrf_token": browser.token("/")}
    return browser.post(f"{page}/{what}", {**token, "role": "admin"}).status_code


@pytest.mark.asvs("8.3.1")
def test_a_role_above_ones_own_is_refused_to_whoever_gives_it(app: Flask, helper: Helper) -> None:
    browser = helper("users:read", "roles:write")
    make(app, EVE)
    assert act_by_hand(browser, page_of(app, EVE), "roles") == 403
    with app.app_context():
        assert roles.roles_of(get_user(EVE).id) == []


@pytest.mark.asvs("8.3.2")
def test_a_role_that_is_gone_acts_no_more(app: Flask, helper: Helper) -> None:
    browser = helper("users:read", "users:write")
    make(app, EVE)
    page = page_of(app, EVE)
    assert act(browser, page, "end-sessions") == 303
    with app.app_context():
        roles.revoke(get_user(GRACE), "helper")
        db.session.commit()
    assert act_by_hand(browser, page, "deactivate") == 403


def test_a_service_without_an_account_acts_within_its_permissions(app: Flask, user: str) -> None:
    with app.app_context():
        public_id = UUID(get_user(ADA).public_id)
        give_none = Principal(method="service", permissions=frozenset({"users:write"}))
        assert user_service.deactivate(give_none, public_id).active is False
        roles.create_role("keeper", ("users:read",))
        roles.grant(get_user(ADA), "keeper")
        with pytest.raises(HigherAccount):
            user_service.activate(give_none, public_id)
        himself = Principal(user_id=get_user(ADA).id, method="session")
        with pytest.raises(ActingOnOneself):
            user_service.activate(himself, public_id)


@pytest.mark.asvs("3.5.1")
def test_another_site_that_acts_is_refused(app: Flask, administrator: Browser, case: Case) -> None:
    make(app, GRACE)
    for what in ACTS:
        with case(what=what):
            answer = administrator.post(f"{page_of(app, GRACE)}/{what}", {"role": "admin"})
            assert answer.status_code == 400


@pytest.mark.parametrize("address", ["1", "x" * 300, str(UUID(int=1)), "%00"])
def test_an_account_that_is_not_there_is_not_found(
    app: Flask, administrator: Browser, address: str
) -> None:
    assert administrator.get(f"{USERS}/{address}").status_code == 404


@pytest.mark.asvs("8.2.2")
def test_a_sign_in_of_somebody_else_is_not_ended_by_this_account(
    app: Flask, administrator: Browser, new_browser: Helper
) -> None:
    make(app, GRACE)
    make(app, EVE)
    hers = new_browser()
    hers.sign_in(GRACE)
    (end,) = re.findall(r"/sessions/[^/]+/end", administrator.get(page_of(app, GRACE)).text)
    eve = page_of(app, EVE)
    assert administrator.submit(eve + end, form=eve).status_code == 404
    assert hers.is_signed_in()


@pytest.mark.asvs("3.2.2")
def test_a_name_that_acts_stays_a_name(app: Flask, administrator: Browser) -> None:
    make(app, GRACE, '"><script>alert(1)</script>')
    for path in (USERS, page_of(app, GRACE), f"{USERS}?search=%22%3E%3Cscript"):
        text = administrator.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_the_secret_of_a_session_is_on_no_page(app: Flask, administrator: Browser) -> None:
    from app.login.models import LoginSession

    make(app, GRACE)
    Browser(app).sign_in(GRACE)
    text = administrator.get(page_of(app, GRACE)).text
    with app.app_context():
        for row in db.session.scalars(db.select(LoginSession)):
            assert row.secret_hash not in text
            assert row.device_hash not in text
        assert str(get_user(GRACE).password_hash) not in text


@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize("what", ACTS)
def test_an_act_asks_for_its_own_permission(app: Flask, helper: Helper, what: str) -> None:
    browser = helper("users:read", "users:write" if "roles" in what else "roles:write")
    make(app, EVE)
    page = page_of(app, EVE)
    assert f'action="{page}/{what}"' not in browser.get(page).text
    assert act_by_hand(browser, page, what) == 403


@pytest.mark.asvs("7.5.3")
def test_an_old_proof_changes_nothing(
    app: Flask, administrator: Browser, moving_clock: Clock, case: Case
) -> None:
    make(app, EVE)
    moving_clock.forward(minutes=14)
    for what in ACTS:
        with case(what=what):
            assert act_by_hand(administrator, page_of(app, EVE), what) == 303
            assert administrator.page is not None
            assert administrator.page.headers["Location"].startswith("/reauthenticate")
            with app.app_context():
                user = get_user(EVE)
                assert (user.active, roles.roles_of(user.id)) == (True, [])
                assert user.password_hash is not None


def test_the_last_administrator_stays(
    app: Flask, administrator: Browser, new_browser: Helper
) -> None:
    # Eve may do everything by another role, so Ada is not above her.
    make(app, EVE)
    give(app, EVE, "everything", *allowed(app)["admin"])
    eve = new_browser("198.51.100.4")
    eve.sign_in(EVE)
    for what in ("deactivate", "roles/admin/revoke"):
        assert act(eve, page_of(app, ADA), what) == 409
        assert eve.page is not None
        assert "This is the last administrator." in eve.page.text
    assert administrator.get("/admin").status_code == 200


@pytest.mark.asvs("6.4.6")
def test_the_mail_about_a_new_password_opens_nothing(
    app: Flask, administrator: Browser, mailbox: Mailbox
) -> None:
    make(app, EVE)
    assert act(administrator, page_of(app, EVE), "require-password") == 303
    links = re.findall(r"https?://\S+", mailbox.mails(EVE)[-1][2])
    assert links == ["http://localhost:8000/password/forgot"]
