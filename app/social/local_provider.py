"""The local provider itself: the real protocol, spoken to made-up people on this machine.

It is built on oidc-provider-mock, which is installed for development alone. What that leaves out
is added here: a code is given for a code challenge and only to who knows its verifier, people are
sent back to this application and nowhere else, and GitHub's addresses answer too. Everybody who
comes can be everybody, so it listens on this machine only and does not exist in production.
"""

import logging
import secrets
import time
import warnings
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.deprecate import AuthlibDeprecationWarning
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import Flask, Response, abort, jsonify, redirect, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from app.social.local import PERSONAS, TOO_LONG, NotInProduction, Persona

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it uses a part of Authlib that is going to be renamed
    import oidc_provider_mock

# It says so again with each sign-in, and a learner reads the terminal.
warnings.filterwarnings("ignore", category=AuthlibDeprecationWarning)

GOOGLE, GITHUB = "/oauth2/authorize", "/login/oauth/authorize"
TOKEN = {GOOGLE: "/oauth2/token", GITHUB: "/login/oauth/access_token"}
BRANDS = {GOOGLE: "Google (local)", GITHUB: "GitHub (local)"}
BY_KEY = {persona.key: persona for persona in PERSONAS}
STYLES = ("css/bootstrap.min.css", "site.css")
ICON = "icon.svg"


@dataclass(frozen=True)
class Handed:
    """A code that was given out.

    Args:
        persona: whose it is.
        challenge: what the verifier must hash to (RFC 7636, section 4.6).
    """

    persona: Persona
    challenge: str


class Desk:
    """Where people are asked who they are, for both brands."""

    def __init__(self, app: Flask, too_long: float) -> None:
        self.app = app
        self.too_long = too_long
        self.codes: dict[str, Handed] = {}
        self.tokens: dict[str, Persona] = {}

    def before(self) -> AnyResponse | None:
        """Stand in front of the package: draw its page, say no, wait, break, ask for proof."""
        if request.path in BRANDS:
            return self._authorize(request.path)
        if request.path in TOKEN.values():
            return self._exchange()
        return None

    def _authorize(self, path: str) -> AnyResponse | None:
        back = request.args.get("redirect_uri", "")
        if not back.startswith(f"{self.app.config['PUBLIC_URL']}/social/"):
            return Response("This redirect_uri is not ours.\n", 400, mimetype="text/plain")
        if request.args.get("code_challenge_method") != "S256":
            return Response("PKCE with S256 is asked for.\n", 400, mimetype="text/plain")
        persona = BY_KEY.get(request.form.get("sub", ""))
        if persona is None:
            return Response(self._page(BRANDS[path]))
        state = {"state": request.args.get("state", "")}
        if persona.refuses:
            said = {"error": "access_denied", "error_description": f"{persona.name} said no."}
            return redirect(f"{back}?{urlencode({**said, **state, **self._issuer(path)})}", 303)
        if path == GOOGLE:
            return None  # the package makes the code
        code = self.hand(secrets.token_urlsafe(), persona)
        return redirect(f"{back}?{urlencode({'code': code, **state, **self._issuer(path)})}", 303)

    def _issuer(self, path: str) -> dict[str, str]:
        """Return who answers (RFC 9207). The brand of Google does not say, as Google does not."""
        return {"iss": f"{request.host_url}login/oauth"} if path == GITHUB else {}

    def hand(self, code: str, persona: Persona) -> str:
        """Note for whom and for which challenge a code is."""
        self.codes[code] = Handed(persona, request.args.get("code_challenge", ""))
        return code

    def after(self, response: Response) -> Response:
        """Note the codes that the package gives out."""
        location = urlsplit(response.headers.get("Location", ""))
        given = dict(part.partition("=")[::2] for part in location.query.split("&"))
        if request.path == GOOGLE and "code" in given:
            self.hand(given["code"], BY_KEY[request.form["sub"]])
        return response

    def _exchange(self) -> AnyResponse | None:
        handed = self.codes.pop(request.form.get("code", ""), None)
        proof = create_s256_code_challenge(request.form.get("code_verifier", ""))
        if handed is None or handed.challenge != proof:
            return self._refuse("invalid_grant")
        if handed.persona.waits:
            time.sleep(self.too_long)
        if handed.persona.breaks:
            return Response("The provider is broken.\n", 500, mimetype="text/plain")
        if request.path == TOKEN[GOOGLE]:
            return None
        token = secrets.token_urlsafe()
        self.tokens[token] = handed.persona
        return jsonify(access_token=token, token_type="bearer", scope="read:user,user:email")  # noqa: S106

    def _refuse(self, error: str) -> AnyResponse:
        """Refuse as each does: GitHub with a status that says all is well."""
        answer = jsonify(error=error)
        answer.status_code = 200 if request.path == TOKEN[GITHUB] else 400
        return answer

    def holder(self) -> Persona | None:
        """Return whose token a request to GitHub's API holds."""
        return self.tokens.get(request.headers.get("Authorization", "").partition(" ")[2])

    def _page(self, brand: str) -> str:
        template = self.app.jinja_env.get_template("social/local_provider.html")
        return template.render(brand=brand, personas=PERSONAS, styles=STYLES, icon=ICON)


def make_provider(app: Flask, *, too_long: float = TOO_LONG) -> Flask:
    """Return the provider that plays Google and GitHub for an application.

    Args:
        app: whom it signs people in to.
        too_long: seconds that the provider waits for the slow test user.

    Raises:
        NotInProduction: the application is no development.
    """
    if app.config["APP_ENV"] != "development":
        raise NotInProduction
    people = [oidc_provider_mock.User(sub=one.key, claims=_claims(one)) for one in PERSONAS]
    provider: Flask = oidc_provider_mock.app(user_claims=people, require_nonce=True)
    logging.getLogger("oidc_provider_mock").setLevel(logging.ERROR)
    # The package switches a debugger on for itself. Nobody needs one here.
    provider.debug, provider.wsgi_app = False, Flask.wsgi_app.__get__(provider)  # type: ignore[method-assign]
    desk = Desk(app, too_long)
    provider.before_request(desk.before)
    provider.after_request(desk.after)
    _play_github(provider, desk)
    _serve_looks(provider, app)
    return provider


def _claims(persona: Persona) -> dict[str, object]:
    if not persona.emails:
        return {"name": persona.name}
    email, is_proved = persona.emails[0]
    return {"name": persona.name, "email": email, "email_verified": is_proved}


def _play_github(provider: Flask, desk: Desk) -> None:
    """Answer where GitHub answers."""

    @provider.route(GITHUB, methods=["GET", "POST"], endpoint="github_authorize")
    @provider.post(TOKEN[GITHUB], endpoint="github_token")
    def answered_before() -> AnyResponse:
        return Response(status=404)

    @provider.get("/api/v3/user")
    def github_user() -> Any:
        persona = desk.holder()
        if persona is None:
            return jsonify(message="Bad credentials"), 401
        return jsonify(id=persona.number, login=persona.key, name=persona.name, email=None)

    @provider.get("/api/v3/user/emails")
    def github_emails() -> Any:
        persona = desk.holder()
        if persona is None:
            return jsonify(message="Bad credentials"), 401
        return jsonify(
            [
                {"email": email, "verified": proved, "primary": place == 0}
                for place, (email, proved) in enumerate(persona.emails)
            ]
        )


def _serve_looks(provider: Flask, app: Flask) -> None:
    """Serve style sheets and icon: the application's own are for its own pages only."""
    bootstrap, ours = app.blueprints["bootstrap"].static_folder, app.static_folder
    folders = dict(zip((*STYLES, ICON), (bootstrap, ours, ours), strict=True))

    @provider.get("/looks/<path:name>")
    def looks(name: str) -> Response:
        if name not in folders:
            abort(404)
        return send_from_directory(folders[name] or "", name)
