"""Lets nobody in but the one person who has the address: every request is looked at here before anything else.

A page on another site can make a browser send requests to this machine, and a host name of its own can be made to lead
here (DNS rebinding). So the Host header must name this very server, the Origin header, where there is one, must be its
own, and must be there for whatever changes something; and each request must carry the cookie that the one-time token
in the printed address was exchanged for (OWASP's cheat sheet on cross-site request forgery names these defences).
"""

from __future__ import annotations

import hmac
import secrets

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1024 * 1024  # bytes
_SAFE_METHODS = ("GET", "HEAD")
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Gate:
    """ASGI middleware: passes on what comes from the one session, and answers the rest itself."""

    def __init__(self, app: ASGIApp, *, host: str, port: int, token: str) -> None:
        """``token`` opens one session; ``host`` and ``port`` are what the server is bound to."""
        self._app = app
        self._authority = f"{host}:{port}"
        self._token: str | None = token
        self._session: str | None = None
        self._cookie = f"mtclean-review-{port}"  # cookies do not tell ports apart

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        answer = self._answer(scope)
        app: ASGIApp = self._app if answer is None else answer
        await app(scope, receive, _guarded(send))

    def _answer(self, scope: Scope) -> Response | None:
        """What is answered here; ``None`` lets the request through."""
        headers = Headers(scope=scope)
        if headers.getlist("host") != [self._authority]:
            return _refused("this server is asked for by another name")
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        is_safe = scope["method"] in _SAFE_METHODS
        if (origin is None and not is_safe) or origin not in (None, f"http://{self._authority}"):
            return _refused("the request comes from another site")
        if site not in (None, "same-origin", "none"):
            return _refused("the request comes from another site")
        given = (
            QueryParams(scope["query_string"]).get("token")
            if scope["path"] == "/" and scope["method"] == "GET"
            else None
        )
        if given is not None:
            return self._enter(given)
        if not self._is_known(headers):
            return _refused("open the address that mtclean review printed; it works once, so start it again if need be")
        try:
            size = int(headers.get("content-length") or 0)
        except ValueError:
            size = LARGEST_BODY + 1
        if size > LARGEST_BODY or "transfer-encoding" in headers:
            return PlainTextResponse("too large\n", 413)
        return None

    def _enter(self, given: str) -> Response:
        if self._token is None or not hmac.compare_digest(given.encode(), self._token.encode()):
            return _refused("this address was used already, or is wrong; start mtclean review again")
        self._token, self._session = None, secrets.token_urlsafe(32)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._cookie, self._session, httponly=True, samesite="strict", path="/")
        return answer

    def _is_known(self, headers: Headers) -> bool:
        # As browsers read it: a cookie of another program on this machine may hold anything.
        cookies = [cookie_parser(line).get(self._cookie) for line in headers.getlist("cookie")]
        if self._session is None:
            return False
        return any(hmac.compare_digest((cookie or "").encode(), self._session.encode()) for cookie in cookies)


def _refused(why: str) -> Response:
    return PlainTextResponse(f"Refused: {why}.\n", 403)


def _guarded(send: Send) -> Send:
    """Send with the headers that keep a browser from doing more with an answer than showing it."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return guarded
