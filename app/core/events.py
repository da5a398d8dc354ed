# file of feature: accounts
"""What happens in the house, said aloud: whoever wants to know listens, nobody is called by name.

Every event is sent with the ids of what it is about, inside the transaction that made it true.
"""

from blinker import Namespace

_events = Namespace()

# A stranger asked for an account: user_id.
registered = _events.signal("registered")
# The owner of an address proved it: user_id.
email_confirmed = _events.signal("email_confirmed")
# An account was switched off: user_id.
account_deactivated = _events.signal("account_deactivated")
# feature: login
# Somebody came through the door: user_id, login_session_id, known_device.
signed_in = _events.signal("signed_in")
# Somebody left: user_id, login_session_id.
signed_out = _events.signal("signed_out")
# A sign-in was refused: email, reason. Never the password.
sign_in_refused = _events.signal("sign_in_refused")
# Somebody proved presence again: user_id, login_session_id.
reauthenticated = _events.signal("reauthenticated")
# endfeature
