"""Codes of an authenticator, as a kind of second factor."""

from app.core.factor import Held, SecondFactor
from app.totp import service


class AuthenticatorApp(SecondFactor):
    """An app, or a device, that shows six digits."""

    key = service.KEY
    label = "Authenticator app"
    about = "The six digits that your app shows now."
    set_up = "totp.index"
    enrol = "totp.enrol"

    def find(self, user_id: int) -> Held | None:
        """Name the one authenticator, or count them."""
        found = service.authenticators_of(user_id)
        if not found:
            return None
        words = found[0].name if len(found) == 1 else f"{len(found)} authenticators"
        used = (one.used_at for one in found if one.used_at)
        return Held(self, words, max(used, default=None))

    def verify(self, user_id: int, code: str, transaction: str) -> None:
        """Use a code up. It is worth the same wherever it is typed."""
        service.use(user_id, code)

    def remove(self, user_id: int) -> None:
        """Take every authenticator away."""
        service.remove_all(user_id)
