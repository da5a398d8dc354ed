"""Phone numbers: one spelling for each, and none that costs whoever sends."""

WRITE_IT = "Write it with the country in front, such as +49 170 1234567."


class NumberRefused(Exception):
    """The number is none to send a code to; the message says why and what helps."""


def normalize(typed: str, countries: tuple[str, ...]) -> str:
    """Return a number in the form of ITU-T E.164, such as +491701234567.

    Args:
        typed: by a person, with the country in front.
        countries: codes of ISO 3166 that codes are sent to; none allows all.

    Raises:
        NumberRefused: it is no mobile number, or of a country that no code goes to.
    """
    import phonenumbers  # the plans of all countries, only where a number is typed

    kinds = phonenumbers.PhoneNumberType
    try:
        number = phonenumbers.parse(typed, countries[0] if len(countries) == 1 else None)
    except phonenumbers.NumberParseException:
        raise NumberRefused(WRITE_IT) from None
    if not phonenumbers.is_valid_number(number):
        raise NumberRefused("There is no such number. Is a digit missing?")
    # Of some countries the plan does not tell mobile from fixed. Premium numbers pay whoever owns
    # them for each message, so somebody would ask for thousands.
    if phonenumbers.number_type(number) not in {kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE}:
        raise NumberRefused("Codes go to mobile phones only.")
    if countries and phonenumbers.region_code_for_number(number) not in countries:
        raise NumberRefused(f"Codes go to these countries only: {', '.join(countries)}.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(number: str) -> str:
    """Return a number so that its owner knows it, and nobody else learns it."""
    return f"•••• {number[-2:]}"


def is_country(code: str) -> bool:
    """Tell whether there are phone numbers of a country."""
    import phonenumbers

    return code in phonenumbers.SUPPORTED_REGIONS
