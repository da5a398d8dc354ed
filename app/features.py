"""The features of this application, in the order in which they are taken in.

A name here is a folder in app/, templates/ and tests/, a page in docs/tutorial/ and the first
word of a migration. Take the line and the folders away and the feature is gone.
"""

FEATURES: tuple[str, ...] = (
    "site",  # first: every other page stands in its layout and fails into its error pages
    "accounts",  # before login: somebody has to exist before they can sign in
    "login",  # before every other way in: they all end at its door
    "passwords",  # after login: a changed password ends sessions
    "profile",  # after passwords: an account has an address, and a way back in when it changes
    "devices",  # after login: it shows the sessions that the door makes
    "api",  # after devices: the other face of all that comes before it, for programs
    "roles",  # after login: it says more about whoever was recognised
    "social",  # after login: it ends at the door; after api: a program sees what is linked
    "second_factor",  # after every way in: it asks at the door, whatever was proved before
    "totp",  # after second_factor: an answer to its question
    "recovery_codes",  # after totp: they stand in for a factor that is lost
    "one_time_codes",  # after second_factor: further answers, and a way in that ends at the door
    "security_log",  # after passwords: "this was not me" begins a reset; it hears every event
    "admin",  # after roles and security_log: it asks for the ones and shows the other
    "notes",  # after login: a note belongs to somebody; your own features follow here
)
