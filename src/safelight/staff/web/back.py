"""Where a person goes back to after signing in, unlocking or proving: a path of this site, never another address."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

HOME = "/"
LONGEST = 500


def way_back(request: HttpRequest) -> str:
    """The address that `next` names, where it is a path of this site; else home."""
    return safe_path(request.POST.get("next") or request.GET.get("next") or "")


def safe_path(wanted: str) -> str:
    """A path of this site, or home for anything else (another host, a scheme, two slashes, a backslash)."""
    a_path = wanted.startswith("/") and wanted.isprintable() and len(wanted) <= LONGEST
    return wanted if a_path and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=True) else HOME


def path_only(address: str, *, host: str) -> str:
    """The path of a full address of this host, or home."""
    parts = urlsplit(address)
    if parts.netloc != host:
        return HOME
    return safe_path(parts.path + (f"?{parts.query}" if parts.query else ""))
