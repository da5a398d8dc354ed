"""One spelling for each e-mail address, at every door."""

from email_validator import EmailNotValidError, validate_email

LONGEST_ADDRESS = 320


class EmailRefused(Exception):
    """The text is not an e-mail address; the message says what to mend."""


def normalize_email(text: str) -> str:
    """Return the one spelling under which an address is stored and looked up.

    Case is folded in the local part too: no provider people use tells Ada@ from ada@, and two
    accounts for one inbox are a way to take one of them over.

    Raises:
        EmailRefused: the text is no address.
    """
    if len(text) > LONGEST_ADDRESS:
        raise EmailRefused("That is too long for an e-mail address.")
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise EmailRefused("Write a whole address, such as ada@example.com.") from error
    # The ASCII form of an international domain: every mail server takes it, and it has no twin.
    return (found.ascii_email or "").casefold()
