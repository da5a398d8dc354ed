"""Every kind of event that is stored, in one table: the documents and the pages read it.

Events are stored by name and not all of them: a new one in ``app.core.events`` needs a line here,
or in ``NOT_STORED`` with the reason. A test holds that.
"""

from dataclasses import dataclass

NOT_STORED: dict[str, str] = {
    "browsers_forgotten": "it follows from another event, which is stored.",
}


@dataclass(frozen=True)
class Kind:
    """A kind of event.

    Args:
        name: the event's name in ``app.core.events``.
        title: what happened, in a few plain words.
        words: a sentence for the owner of the account; may name a kept detail in braces.
        details: what of the event is kept besides the account. Never a secret, and nothing of a
            person either: an event is not changed when somebody is erased.
        about_account: whether it is about an account, and shown to its owner.
        can_be_disowned: whether it opens or changes an account, so that its owner may say "this
            was not me". What any stranger can cause from outside is no break-in.
    """

    name: str
    title: str
    words: str
    details: tuple[str, ...] = ()
    about_account: bool = True
    can_be_disowned: bool = False


KINDS: tuple[Kind, ...] = (
    Kind("registered", "Registered", "The account was made. Its address was not proved yet."),
    Kind(
        "registered_again",
        "Registration of a known address",
        "Somebody tried to make an account with this address. Nothing changed.",
    ),
    Kind(
        "confirmation_refused",
        "Confirmation refused",
        "Somebody followed the mailed link and did not know the password of the registration.",
    ),
    Kind("email_confirmed", "Address confirmed", "The e-mail address was proved."),
    Kind("account_deactivated", "Account switched off", "Nobody can sign in to it."),
    Kind("account_activated", "Account switched on", "It can be signed in to again."),
    Kind("account_erased", "Account erased", "The account and all that belonged to it is gone."),
    Kind(
        "signed_in",
        "Signed in",
        "Somebody came in with all that the account asks for: {amr}.",
        ("amr", "known_device"),
        can_be_disowned=True,
    ),
    Kind("signed_out", "Signed out", "A sign-in was ended where it was used."),
    Kind(
        "signed_out_everywhere",
        "Signed out everywhere",
        "All sign-ins were ended, or all but the one that asked.",
        can_be_disowned=True,
    ),
    Kind(
        "sign_in_refused",
        "Sign-in refused",
        "Somebody tried to sign in and did not know the password, or the account was off.",
        ("reason",),
    ),
    Kind(
        "guessing_slowed",
        "Tries slowed down",
        "There were too many wrong tries. The next try has to wait {seconds} seconds.",
        ("seconds",),
    ),
    Kind(
        "reauthenticated",
        "Password given again",
        "Somebody who was signed in proved again that they know the password.",
        can_be_disowned=True,
    ),
    Kind(
        "reauthentication_refused",
        "Password refused",
        "Somebody who was signed in was asked for the password and did not know it.",
        can_be_disowned=True,
    ),
    Kind(
        "password_reset_requested",
        "New password asked for",
        "Somebody asked for a link to a new password. It went to the address of the account.",
    ),
    Kind(
        "password_changed",
        "Password changed",
        "The account has a new password. All other sign-ins were ended.",
        can_be_disowned=True,
    ),
    # feature: profile
    Kind(
        "email_change_requested",
        "Change of address asked for",
        "Somebody asked to move the account to another address. It must be proved first.",
        can_be_disowned=True,
    ),
    Kind(
        "email_changed",
        "Address changed",
        "The account has another e-mail address.",
        can_be_disowned=True,
    ),
    Kind(
        "email_change_undone",
        "Change of address taken back",
        "The account has its former address again, and no password until a new one is chosen.",
    ),
    Kind(
        "deletion_requested",
        "Deletion asked for",
        "The account is going to be erased. It can still be kept.",
        can_be_disowned=True,
    ),
    Kind("deletion_cancelled", "Deletion cancelled", "The account is kept."),
    # endfeature
    # feature: devices
    Kind(
        "device_signed_out",
        "Device signed out",
        "One sign-in was ended from elsewhere.",
        can_be_disowned=True,
    ),
    # endfeature
    # feature: api
    Kind(
        "refresh_token_reused",
        "Token used twice",
        "A refresh token came again after it was spent. Somebody may have a copy, so that sign-in "
        "was ended.",
        can_be_disowned=True,
    ),
    # endfeature
    Kind(
        "access_refused",
        "Access refused",
        "Something was asked for that this account may not do: {endpoint}.",
        ("endpoint",),
        can_be_disowned=True,
    ),
    # feature: roles
    Kind("role_granted", "Role given", "The account has the role {role} now.", ("role",)),
    Kind("role_revoked", "Role taken", "The account has the role {role} no more.", ("role",)),
    Kind(
        "role_changed",
        "Role changed",
        "The role {role} was made, or holds other permissions.",
        ("role", "permissions"),
        about_account=False,
    ),
    Kind("role_deleted", "Role deleted", "Nobody has {role} any more.", ("role",), False),
    # endfeature
    # feature: social
    Kind(
        "identity_linked",
        "Provider linked",
        "Somebody at {provider_label} can open the account from now on.",
        ("provider", "provider_label"),
        can_be_disowned=True,
    ),
    Kind(
        "identity_unlinked",
        "Provider unlinked",
        "{provider_label} does not open the account any more. All other sign-ins were ended.",
        ("provider", "provider_label"),
        can_be_disowned=True,
    ),
    Kind(
        "provider_refused",
        "Sign-in by a provider refused",
        "What {provider} said, or did not say, let nobody in: {reason}.",
        ("provider", "reason"),
        about_account=False,
    ),
    # endfeature
    # feature: second_factor
    Kind(
        "factor_added",
        "Second factor added",
        "{factor_label} is asked for from now on. All other sign-ins were ended.",
        ("factor", "factor_label"),
        can_be_disowned=True,
    ),
    Kind(
        "factor_removed",
        "Second factor removed",
        "{factor_label} was taken away, because {reason}. All other sign-ins were ended.",
        ("factor", "factor_label", "reason"),
        can_be_disowned=True,
    ),
    Kind(
        "second_factor_refused",
        "Second factor refused",
        "Somebody knew the first proof and gave a wrong code: {factor_label}.",
        ("factor", "factor_label", "at_sign_in"),
        can_be_disowned=True,
    ),
    # endfeature
    # feature: recovery_codes
    Kind(
        "recovery_code_used",
        "Recovery code used",
        "A saved code was used in place of a second factor. {left} are left.",
        ("left",),
        can_be_disowned=True,
    ),
    Kind(
        "recovery_codes_renewed",
        "Recovery codes renewed",
        "The account has new saved codes; those before are void.",
        can_be_disowned=True,
    ),
    # endfeature
    # feature: one_time_codes
    Kind(
        "code_sent",
        "Code sent",
        "A code to sign in or to prove presence went out by {channel}.",
        ("channel",),
    ),
    Kind(
        "mailed_code_requested",
        "Code to sign in asked for",
        "Somebody asked for a code to sign in with. It went to the address of the account.",
    ),
    # endfeature
    Kind(
        "event_disowned",
        "Said: this was not me",
        "The owner did not know an event of this log. All sign-ins were ended and a link to a new "
        "password was mailed.",
        ("disowned",),
    ),
    # feature: admin
    Kind(
        "new_password_required",
        "New password required",
        "The password was taken away and everybody signed out. A mail told how to go on.",
    ),
    Kind("session_ended", "Signed out", "One sign-in was ended."),
    Kind(
        "security_log_exported",
        "Log exported",
        "Events were taken away as a table: of account {account}, of kind {of_kind}, from {since} "
        "until {until}.",
        ("account", "of_kind", "since", "until"),
        about_account=False,
    ),
    # endfeature
)

BY_NAME = {kind.name: kind for kind in KINDS}
