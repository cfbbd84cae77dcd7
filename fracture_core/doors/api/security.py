"""Who may ask: the settings' token, where there is one, and no page of another site."""

from ipaddress import ip_address
from secrets import compare_digest
from urllib.parse import urlsplit

from starlette.requests import Request

from fracture_core.base import ApiError, get_settings


def check_token(request: Request) -> None:
    """Raise ApiError (401) where the settings ask for a token and the request brings another or none.

    Cookies count nothing.
    """
    token = get_settings().api_token.get_secret_value()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    is_right = compare_digest(given.strip(" ").encode("latin-1"), token.encode())  # Starlette reads headers as Latin-1
    if token and not (scheme.lower() == "bearer" and is_right):
        raise ApiError(
            401, "This server asks for a token.", "Send it in the header Authorization, as 'Bearer' and the token."
        )


def check_origin(request: Request) -> None:
    """Raise ApiError (403) where a browser sends the request for a page of another site.

    Browsers let any page send a form to any server that they reach, also to one that only they reach. A name can be
    made to lead here by who owns it (DNS rebinding), and its page is then of the same site: without a token, a page is
    only let in at an address or at localhost.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    host = request.headers.get("host", "")
    is_foreign = origin is not None and _find_host(origin) != host
    is_open = not get_settings().api_token.get_secret_value()
    is_foreign |= origin is not None and is_open and not _is_own(host)
    if is_foreign or site not in ("none", "same-origin"):
        raise ApiError(
            403, "A page of another site sent this request.", "Send it from a program, or from this server's pages."
        )


def _find_host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _is_own(host: str) -> bool:
    """Return whether a host is an address, or this machine's own name for itself; nobody else can own these."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False
