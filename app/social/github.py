"""GitHub, which speaks OAuth and no OpenID: it says here where its people are found."""

from typing import Any

from app.social.provider import POST, SECRET_WAYS, Person, Provider
from app.social.refusals import AnswerRefused


class GitHub(Provider):
    """GitHub, or GitHub Enterprise under an address of its own: OAuth without OpenID."""

    scope = "read:user user:email"

    @property
    def issuer(self) -> str:
        """Return what GitHub calls itself when it sends people back."""
        return f"{self.url}/login/oauth"

    @property
    def api(self) -> str:
        """Return where its people are found."""
        is_public = self.url == "https://github.com"
        return "https://api.github.com" if is_public else f"{self.url}/api/v3"

    def learn(self) -> dict[str, Any]:
        """Return addresses that GitHub documents; it has no discovery."""
        return {
            "authorization_endpoint": f"{self.url}/login/oauth/authorize",
            "token_endpoint": f"{self.url}/login/oauth/access_token",
            SECRET_WAYS: [POST],
        }

    def find_person(self, token: dict[str, Any], nonce: str) -> Person:
        """Ask who holds the token; the address in a profile may be anybody's, so it is not read.

        People are known by their number: a login name can be given up and taken by another.
        """
        found = self.ask(token, f"{self.api}/user")
        addresses = self.ask(token, f"{self.api}/user/emails", per_page="100")
        if isinstance(found["id"], bool) or not isinstance(found["id"], int):
            raise AnswerRefused("no number")
        proved = [one for one in addresses if one["verified"] is True and one["primary"] is True]
        return self.person(
            subject=str(found["id"]),
            email=proved[0]["email"] if proved else None,
            name=found.get("name"),
            account=found.get("login"),
        )
