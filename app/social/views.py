"""The browser's face: to a provider and back, and the page of what is linked."""

from typing import NamedTuple

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.access import public, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.errors import error_page
from app.core.limits import guessing
from app.core.redirects import safe_next
from app.extensions import db
from app.login import browser
from app.social import authorization, events, identities, linking, service
from app.social.provider import Person, Provider
from app.social.refusals import AnswerRefused, ProviderDown, ProviderRefused, StateLost


class Page(NamedTuple):
    """What is shown when a sign-in comes to nothing; ``{label}`` is the provider."""

    status: int
    title: str
    advice: str


PAGES: dict[type[ProviderRefused], Page] = {
    authorization.Cancelled: Page(
        400,
        "Nothing has happened",
        "{label} did not say who you are. Try again, or sign in another way.",
    ),
    StateLost: Page(
        400,
        "This sign-in is not under way",
        "It began in another browser, was finished before or took more than ten minutes. "
        "Begin again at the sign-in page.",
    ),
    AnswerRefused: Page(
        400,
        "That answer does not hold",
        "What {label} said could not be trusted, so nobody was signed in. Try again later.",
    ),
    ProviderDown: Page(
        424,
        "{label} does not answer",
        "Try again in a moment, or sign in another way.",
    ),
    service.NoProvedAddress: Page(
        403,
        "No proved address",
        "{label} names no e-mail address of yours that it has proved. Prove one there, or create "
        "an account here and link {label} to it on your account page.",
    ),
    linking.LinkedElsewhere: Page(
        409,
        "Linked to another account",
        "This identity opens another account. Sign in to that one and unlink it there first.",
    ),
    linking.LinkedAlready: Page(
        409,
        "Already linked",
        "Your account is opened by somebody else at {label}. Unlink them first.",
    ),
}

blueprint = Blueprint("social", __name__)


@blueprint.errorhandler(authorization.NoSuchProvider)
@blueprint.errorhandler(linking.NotLinked)
def nothing_there(_: Exception) -> Response:
    """Answer as for an address that never was, whoever's it may be."""
    return error_page(404)


@blueprint.errorhandler(linking.LastWayIn)
def last_way_in(_: linking.LastWayIn) -> Response:
    """Say what to do first."""
    db.session.rollback()
    return error_page(
        409,
        "Nothing else opens your account. Set a password on your account page first.",
        "Your last way in",
    )


@blueprint.errorhandler(ProviderRefused)
def refuse(refusal: ProviderRefused) -> tuple[str, int]:
    """Say what came to nothing, in our own words and never in those of an address."""
    name = (request.view_args or {}).get("provider", "")
    page = PAGES[type(refusal)]
    label = identities.label(name) if name else "The provider"
    shown = render_template(
        "social/refused.html",
        status=page.status,
        heading=page.title.format(label=label),
        advice=page.advice.format(label=label),
    )
    return shown, page.status


@blueprint.after_request
def keep_address_here(response: Response) -> Response:
    """Keep the addresses of these pages from other sites: one holds a code and a state."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.get("/social/<provider>/start")
@public
@guessing("social_start", methods=("GET",))
def start(provider: str) -> Response:
    """Send the browser to a provider. A link and no form: the policy lets no form leave."""
    return _go(authorization.get_provider(provider), safe_next(request.args.get("next")))


@blueprint.get("/account/social/<provider>/link")
@signed_in
@recently_authenticated()
@guessing("social_start", methods=("GET",))
def begin_link(provider: str) -> Response:
    """Send somebody who is signed in to a provider, to link it."""
    wanted = url_for("social.confirm")
    return _go(authorization.get_provider(provider), wanted, user_id=current_principal.user_id)


def _go(provider: Provider, wanted: str, *, user_id: int | None = None) -> Response:
    device = browser.origin().device
    response = make_response(
        redirect(authorization.begin(provider, device, wanted, user_id=user_id), 303)
    )
    db.session.commit()
    browser.remember_device(response)
    return response


@blueprint.get("/social/<provider>/callback")
@public
def callback(provider: str) -> Response:
    """Take up what a provider answers, and go to the door with it."""
    asked = authorization.get_provider(provider)
    began = authorization.take_up(asked, browser.origin().device, request.args.get("state", ""))
    db.session.commit()  # used up, whatever comes of it, and nothing is locked while we ask
    try:
        person = authorization.identify(asked, began, request.args.to_dict())
        if began.user_id is not None:
            return _come_back_to_link(person, began.user_id)
        return browser.arrive(
            service.recognise(person), amr=(service.FEDERATED,), next_page=began.next
        )
    except service.AddressTaken as taken:
        return _ask_for_the_way_in(asked, person, taken.user_id)
    except ProviderRefused as refusal:
        db.session.rollback()
        events.ProviderRefused(provider=provider, reason=type(refusal).__name__).send()
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        raise


def _come_back_to_link(person: Person, user_id: int) -> Response:
    if current_principal.user_id != user_id:  # signed out meanwhile, or somebody else is in
        raise StateLost
    linking.wait_for_link(person, user_id, browser.origin().device)
    db.session.commit()
    return redirect(url_for("social.confirm"), 303)


def _ask_for_the_way_in(provider: Provider, person: Person, user_id: int) -> Response:
    linking.wait_for_link(person, user_id, browser.origin().device)
    db.session.commit()
    flash(
        f"You have an account with this address. Sign in as before; then {provider.label} can be "
        "linked to it."
    )
    return redirect(url_for("login.sign_in", next=url_for("social.confirm")), 303)


@blueprint.get("/account/social")
@signed_in
def index() -> str:
    """Show who else opens the account, and who could."""
    return render_template(
        "social/index.html",
        linked=identities.list_linked(current_principal),
        free=linking.list_free(current_principal),
    )


@blueprint.route("/account/social/confirm", methods=["GET", "POST"])
@signed_in
@recently_authenticated()
def confirm() -> Response | str:
    """Show who waits to be linked; pressing the button links them."""
    device = browser.origin().device
    if request.method == "POST":
        person = linking.link(current_principal, device)
        db.session.commit()
        flash(f"{identities.label(person.provider)} is linked to your account.", "success")
        return redirect(url_for("social.index"), 303)
    waiting = linking.find_waiting(current_principal, device)
    if waiting is None:
        return redirect(url_for("social.index"), 303)
    person = waiting[1]
    label = identities.label(person.provider)
    return render_template("social/confirm.html", person=person, label=label)


@blueprint.post("/account/social/<linked>/unlink")
@signed_in
@recently_authenticated()
def unlink(linked: str) -> Response:
    """Take a way in away."""
    label = linking.unlink(current_principal, linked)
    db.session.commit()
    flash(f"{label} is unlinked. Everywhere else you are signed out.", "success")
    return redirect(url_for("social.index"), 303)
