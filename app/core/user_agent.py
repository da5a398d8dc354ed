# file of feature: devices | second_factor | security_log
"""What a browser calls itself, in words that a person knows: "Firefox 131 on Linux"."""

import re

UNKNOWN = "Unknown browser"
LONGEST_NAME = 30
# Some names are cut out of the text itself, and that text is a stranger's. Three words without
# a dot or a colon make no address that a mail program would turn into a link.
NAME = re.compile(r"[a-z0-9][\w+-]*(?:[ /][\w+-]+){0,2}", re.ASCII | re.IGNORECASE)
VERSION = re.compile(r"[0-9]{1,4}", re.ASCII)
# A program names itself first, then what it is made with (RFC 9110, section 10.1.5).
PRODUCT = re.compile(r"([a-z][a-z0-9+_-]*)/([0-9]{1,4})(?![0-9a-z])", re.ASCII | re.IGNORECASE)
RENAMED = {"Mac OS X": "macOS", "Mobile Safari UI/WKWebView": "Mobile Safari"}


def describe(user_agent: str, unknown: str = UNKNOWN) -> str:
    """Return browser and system as words; what is not known is left out.

    It is a browser's own word, which anybody can choose. It helps the owner to tell devices
    apart and proves nothing.

    Args:
        user_agent: as it came.
        unknown: what to say in place of a name.
    """
    # The patterns cost 0.2 seconds and 5 MB, which only a process that shows devices pays.
    from ua_parser import parse_os, parse_user_agent

    browser, system = parse_user_agent(user_agent), parse_os(user_agent)
    name = _name(browser.family if browser else "")
    version = browser.major if browser and VERSION.fullmatch(browser.major or "") else None
    words = " ".join(filter(None, (name, version))) if name else _product(user_agent)
    system_name = _name(system.family if system else "")
    return f"{words or unknown} on {system_name}" if system_name else words or unknown


def _product(user_agent: str) -> str:
    """Return the name that comes first, if it is one; every browser says Mozilla."""
    found = PRODUCT.match(user_agent)
    if found is None or found[1] == "Mozilla" or not _name(found[1]):
        return ""
    return f"{found[1]} {found[2]}"


def _name(family: str) -> str:
    """Return a name if it looks like one, else nothing."""
    name = RENAMED.get(family, family)
    return name if len(name) <= LONGEST_NAME and NAME.fullmatch(name) else ""
