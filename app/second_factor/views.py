"""The browser's face: the second question at the door, and where presence is proved again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.core.access import public, signed_in
from app.core.current import current_principal
from app.core.errors import error_page
from app.core.factor import CodeNotSent, CodeRefused, Held, NoSuchFactor
from app.core.limits import guessing
from app.core.redirects import safe_next
from app.core.tokens import TokenRefused
from app.extensions import db
from app.login import attempt as attempts
from app.login import browser
from app.login import service as login
from app.login.attempt import Attempt
from app.second_factor import service, trust
from app.second_factor.forms import CodeForm

REFUSED = "This code is wrong, was used before, or is too old. Take a new one."

blueprint = Blueprint("second_factor", __name__)
blueprint.add_app_template_global(
    lambda: trust.browsers_of(current_principal.account_id), "trusted_browsers"
)


@blueprint.app_errorhandler(NoSuchFactor)
@blueprint.errorhandler(trust.NoSuchBrowser)
def nothing_there(_: Exception) -> Response:
    """Answer as for an address that never was, whoever's it may be."""
    return error_page(404)


@blueprint.app_errorhandler(CodeNotSent)
def not_sent(reason: CodeNotSent) -> Response:
    """Say why no code goes out, and what helps."""
    db.session.rollback()
    return error_page(409, str(reason), "No code was sent")


@blueprint.errorhandler(TokenRefused)
@blueprint.errorhandler(login.SignInRefused)
@blueprint.errorhandler(login.SessionEnded)
def begin_again(_: Exception) -> Response:
    """Lead back to the beginning: the sign-in took too long, was finished, or is another's."""
    db.session.commit()  # a refusal is a result too: listeners may have written of it
    flash("This sign-in is not under way any more. Begin again.")
    return redirect(url_for("login.sign_in"), 303)


def attempt_of_browser() -> Attempt:
    """Return the sign-in that waits in this browser.

    Raises:
        TokenRefused: none does.
    """
    return attempts.resume(session.get(browser.PENDING, ""), browser.origin())


def page_after_adding(user_id: int, wanted: str) -> str:
    """Return where to go when a factor was added: to its backup first, if it is the first one.

    Args:
        user_id: whose.
        wanted: where to go otherwise, and from there.
    """
    held = service.held_by(user_id)
    backups = [one.factor for one in held if one.factor.is_backup]
    if backups and all(one.used_at is None for one in held):
        return url_for(backups[0].set_up, next=wanted)
    return wanted


@blueprint.get("/login/second-factor")
@public
def choose() -> Response | str:
    """Show the factors of an account, the last used first; with one, go to it."""
    attempt = attempt_of_browser()
    held = service.held_by(attempt.user.id)
    alone = [one for one in held if not one.factor.is_backup]
    if not alone:
        service.check_may_enrol(attempt)
        return render_template("second_factor/enrol.html", kinds=service.enrolable())
    if len(alone) == 1:
        return redirect(url_for("second_factor.give", factor=alone[0].factor.key), 303)
    return render_template("second_factor/choose.html", held=held)


@blueprint.route("/login/second-factor/<factor>", methods=["GET", "POST"])
@public
@guessing("second_factor")
def give(factor: str) -> Response | tuple[str, int]:
    """Take a code to the door."""
    attempt, form = attempt_of_browser(), CodeForm()
    if request.method == "POST" and form.validate_on_submit():
        try:
            service.pass_step(attempt, factor, form.code.data, trust_browser=form.trust.data)
        except CodeRefused:
            db.session.commit()  # a refusal is a result too: listeners may have written of it
            form.code.errors = [REFUSED]
        else:
            return browser.answer(login.complete(attempt), attempt.next)
    held, others = service.pick(service.held_by(attempt.user.id), factor)
    page = render_template("second_factor/give.html", form=form, held=held, others=others)
    return page, 422 if form.errors else 200


@blueprint.post("/login/second-factor/<factor>/send")
@public
@guessing("second_factor_send")
def send(factor: str) -> Response:
    """Send a code for the sign-in that waits in this browser."""
    attempt = attempt_of_browser()
    deliver = service.send(attempt.user.id, factor, service.sign_in_of(attempt))
    db.session.commit()
    deliver()
    flash("A code is on its way.", "success")
    return redirect(url_for("second_factor.give", factor=factor), 303)


@blueprint.route("/reauthenticate/<factor>", methods=["GET", "POST"])
@signed_in
@guessing("second_factor")
def reauthenticate(factor: str) -> Response | tuple[str, int]:
    """Ask for a code in place of the password, before a change that matters."""
    form = CodeForm()
    wanted = safe_next(request.args.get("next"))
    if request.method == "POST" and form.validate_on_submit():
        try:
            secret = service.reauthenticate(current_principal, factor, form.code.data)
        except CodeRefused:
            db.session.commit()  # a refusal is a result too: listeners may have written of it
            form.code.errors = [REFUSED]
        else:
            db.session.commit()
            browser.renew(secret)
            return redirect(wanted, 303)
    held = service.get_held(current_principal.account_id, factor)
    page = render_template("second_factor/presence.html", form=form, held=held, wanted=wanted)
    return page, 422 if form.errors else 200


@blueprint.post("/reauthenticate/<factor>/send")
@signed_in
@guessing("second_factor_send")
def send_for_presence(factor: str) -> Response:
    """Send a code that proves presence in this session."""
    presence = service.presence_of(current_principal)
    deliver = service.send(current_principal.account_id, factor, presence)
    db.session.commit()
    deliver()
    flash("A code is on its way.", "success")
    wanted = safe_next(request.args.get("next"))
    return redirect(url_for("second_factor.reauthenticate", factor=factor, next=wanted), 303)


@blueprint.app_template_global()
def factors_for_presence() -> list[Held]:
    """Return what whoever is signed in can prove in place of a password."""
    return service.held_by(current_principal.account_id)


@blueprint.get("/account/second-factor")
@signed_in
def index() -> str:
    """Show the factors of an account, what could be one, and browsers that are not asked."""
    held = service.held_by(current_principal.account_id)
    has = {one.factor.key for one in held}
    return render_template(
        "second_factor/index.html",
        held=held,
        free=[kind for kind in service.kinds() if kind.key not in has],
    )


@blueprint.post("/account/second-factor/browsers/<uuid:public_id>/forget")
@signed_in
def forget_browser(public_id: UUID) -> Response:
    """Ask again in a browser."""
    trust.end(current_principal.account_id, public_id)
    db.session.commit()
    flash("That browser is asked again.", "success")
    return redirect(url_for("second_factor.index"), 303)
