# file of feature: accounts
"""What happens in the house, said aloud: whoever wants to know listens, nobody is called by name.

Every event is sent with the ids of what it is about, inside the transaction that made it true.
It never carries a secret: listeners write mails and logs.
"""

from blinker import Namespace

signals = Namespace()

# A stranger asked for an account: user_id.
registered = signals.signal("registered")
# Somebody registered an address that has an account: user_id.
registered_again = signals.signal("registered_again")
# The owner of an address proved it: user_id.
email_confirmed = signals.signal("email_confirmed")
# Somebody followed the link of a registration and did not know its password: user_id.
confirmation_refused = signals.signal("confirmation_refused")
# An account was switched off: user_id.
account_deactivated = signals.signal("account_deactivated")
# An account that was switched off is on again: user_id.
account_activated = signals.signal("account_activated")
# An account is gone, and all that belonged to it: email, name, public_id.
account_erased = signals.signal("account_erased")
# feature: login
# Somebody came through the door: user_id, login_session_id, known_device, and amr: what was proved.
signed_in = signals.signal("signed_in")
# Somebody left: user_id, login_session_id.
signed_out = signals.signal("signed_out")
# All sign-ins of an account were ended at once: user_id, and keep: the one that goes on, or None.
signed_out_everywhere = signals.signal("signed_out_everywhere")
# A sign-in was refused: email, reason (credentials or inactive). Never the password.
sign_in_refused = signals.signal("sign_in_refused")
# So many tries were refused that the next one must wait: seconds, and either email or user_id.
guessing_slowed = signals.signal("guessing_slowed")
# Browsers that an account knew are strangers again: user_id, and device_hash if it is only one.
browsers_forgotten = signals.signal("browsers_forgotten")
# Somebody proved presence again: user_id, login_session_id.
reauthenticated = signals.signal("reauthenticated")
# Somebody who is signed in did not know the password of the account: user_id.
reauthentication_refused = signals.signal("reauthentication_refused")
# endfeature
# feature: passwords
# Somebody asked for a new password: email, and user_id, None when no account may be used under it.
password_reset_requested = signals.signal("password_reset_requested")
# An account has another password: user_id, and keep: the login session that goes on, or None.
password_changed = signals.signal("password_changed")
# endfeature
# feature: profile
# Somebody asked to move an account to another address: user_id, new_email.
email_change_requested = signals.signal("email_change_requested")
# An account has another address: user_id, old_email, new_email.
email_changed = signals.signal("email_changed")
# The owner of the former address took the change back: user_id, old_email, new_email.
email_change_undone = signals.signal("email_change_undone")
# The owner asked for the account to be erased: user_id, erase_at.
deletion_requested = signals.signal("deletion_requested")
# The owner wants to keep the account after all: user_id.
deletion_cancelled = signals.signal("deletion_cancelled")
# endfeature
# feature: devices
# The owner ended a sign-in from elsewhere: user_id, login_session_id.
device_signed_out = signals.signal("device_signed_out")
# endfeature
# feature: api
# A refresh token came again long after it was spent; its sign-in is over: user_id,
# login_session_id.
refresh_token_reused = signals.signal("refresh_token_reused")
# endfeature
# Somebody may not do what a route asks for: user_id, None if who asks is no account; endpoint.
access_refused = signals.signal("access_refused")
# feature: roles
# An account has one role more: user_id, role.
role_granted = signals.signal("role_granted")
# An account has one role less: user_id, role.
role_revoked = signals.signal("role_revoked")
# A role was made, or holds other permissions than before: role, permissions.
role_changed = signals.signal("role_changed")
# A role is gone, and nobody has it: role.
role_deleted = signals.signal("role_deleted")
# endfeature
# feature: social
# Somebody at a provider can open an account from now on: user_id, provider, provider_label.
identity_linked = signals.signal("identity_linked")
# They cannot any more: user_id, provider, provider_label, and keep: the sign-in that goes on.
identity_unlinked = signals.signal("identity_unlinked")
# A sign-in by a provider was refused: provider, reason: the name of the refusal.
provider_refused = signals.signal("provider_refused")
# endfeature
# feature: second_factor
# An account has one second factor more: user_id, factor, factor_label, factor_name: what its owner
# calls it, and keep: the sign-in that goes on, or None.
factor_added = signals.signal("factor_added")
# An account has one second factor less: user_id, factor, factor_label, factor_name, keep, reason:
# why, in words, and by_owner: whether its owner did it or the administration.
factor_removed = signals.signal("factor_removed")
# The first proof was right and the second was not: user_id, factor, factor_label, at_sign_in.
# Never the code.
second_factor_refused = signals.signal("second_factor_refused")
# endfeature
# feature: recovery_codes
# A saved code was used in place of a factor: user_id, left.
recovery_code_used = signals.signal("recovery_code_used")
# The saved codes of an account were replaced by others: user_id.
recovery_codes_renewed = signals.signal("recovery_codes_renewed")
# endfeature
# feature: one_time_codes
# A code went out: user_id, channel: email or sms. Never the code, nor where to.
code_sent = signals.signal("code_sent")
# Somebody asked for a code to sign in with: email, user_id: None if no code alone opens it.
mailed_code_requested = signals.signal("mailed_code_requested")
# endfeature
# feature: security_log
# The owner of an account did not know what its log told: user_id, disowned: the kind of event.
event_disowned = signals.signal("event_disowned")
# endfeature
# feature: admin
# The administration took an account's password away: user_id.
new_password_required = signals.signal("new_password_required")
# The administration ended one sign-in of an account: user_id, login_session_id.
session_ended = signals.signal("session_ended")
# Somebody took the security log away as a table: account, of_kind, since, until; each is None
# where it did not narrow.
security_log_exported = signals.signal("security_log_exported")
# endfeature
