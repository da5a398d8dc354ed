"""By whom and from where: what is known beside an event of how it came about."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

import click
from flask import g, has_request_context, request

from app.core.principal import STRANGER, Principal
from app.login.attempt import storable
from app.security_log.models import LONGEST_ADDRESS, LONGEST_USER_AGENT

LONGEST_DETAIL = 100
MOST_PARTS = 50
# What of an address is kept once it is shortened: a provider or a town, and not a household.
KEPT_OF_IPV4, KEPT_OF_IPV6 = 24, 48


@dataclass(frozen=True)
class Circumstances:
    """How an event came about.

    Args:
        actor: the public id of the account that was recognised, if one was.
        method: how it was here.
        request_id: as in the logs of the application.
        address: of the client, as far as proxies are trusted.
        user_agent: as the client calls itself.
    """

    actor: str | None
    method: str
    request_id: str = "-"
    address: str = ""
    user_agent: str = ""


def circumstances() -> Circumstances:
    """Return how what is happening now comes about."""
    if not has_request_context():
        at_a_terminal = click.get_current_context(silent=True) is not None
        return Circumstances(None, "command" if at_a_terminal else "worker")
    principal = recognised()
    return Circumstances(
        actor=principal.public_id or None,
        method=principal.method,
        request_id=g.get("request_id", "-"),
        address=storable(request.remote_addr or "", LONGEST_ADDRESS),
        user_agent=storable(request.user_agent.string, LONGEST_USER_AGENT),
    )


def recognised() -> Principal:
    """Return whom this request had to be recognised as, by the time of the event.

    Nobody is recognised for the log's sake. Whoever follows a mailed link or types a password is
    here by that proof, not by the session that happens to be open in the same browser: it may be
    somebody else's, and would stand in the log of the account as an administrator.
    """
    found: Principal = g.get("principal", STRANGER)
    return found


def kept(detail: Any) -> Any:
    """Return what is kept of a detail: short, of one line, and fit for JSON."""
    if isinstance(detail, (bool, int)) or detail is None:
        return detail
    if isinstance(detail, (list, tuple, set, frozenset)):
        return [kept(str(part)) for part in list(detail)[:MOST_PARTS]]
    return storable(str(detail), LONGEST_DETAIL)


def shortened(address: str) -> str:
    """Return the network of an address (192.0.2.0 for 192.0.2.7), or nothing if it is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    length = KEPT_OF_IPV4 if found.version == 4 else KEPT_OF_IPV6
    return str(ip_network(f"{found}/{length}", strict=False).network_address)
