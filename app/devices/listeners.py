"""What the devices do when somebody signs in."""

from app.devices import service
from app.login.events import SignedIn


@SignedIn.connect
def tell_of_a_new_device(event: SignedIn) -> None:
    """Tell the owner of a sign-in from where the account was never signed in to."""
    if not event.known_device:
        service.tell_of_new_device(event.user_id, event.login_session_id)
