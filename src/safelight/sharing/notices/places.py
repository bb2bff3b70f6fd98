"""Where notices may go: to hosts that the site has listed, encrypted on the way.

An address comes from a browser or from a form: without the list anybody could have the server call machines inside the hospital.
"""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from safelight.sharing.notice_errors import AddressNotListed, BadAddress


def require_listed(address: str, *, hosts: Collection[str]) -> None:
    """An https address on a listed host; `.example.org` in the list stands for every host below it. A gateway on this very machine
    may be called without encryption, where it is listed. Raises BadAddress or AddressNotListed.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise BadAddress from None
    if not host or parts.username or parts.fragment or "\\" in address or any(letter.isspace() for letter in address):
        raise BadAddress
    if parts.scheme != "https" and not (parts.scheme == "http" and _this_machine(host)):
        raise BadAddress
    with_port = f"{host}:{port}" if port else host
    if not any(one in {host, with_port} or (one.startswith(".") and host.endswith(one)) for one in hosts):
        raise AddressNotListed


def _this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
