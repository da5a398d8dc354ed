"""A program's side of the tokens, for httpx: sign in, stay in, prove presence when asked.

Copy this file. With `Tokens` as its `auth`, a client never sees a token:

    auth = Tokens("https://house.example/api/v1", ask)
    with httpx.Client(base_url=auth.base, auth=auth) as api:
        print(api.get("/me").json())
"""

import threading
from collections.abc import Callable, Generator
from typing import Any

import httpx

Flow = Generator[httpx.Request, httpx.Response, None]
# httpx gives its limit to requests that it makes itself. Those made here would wait for ever.
TIMEOUT = httpx.Timeout(10).as_dict()


class Refused(Exception):
    """The house does not let this program in; `code` says why, the message what helps."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Tokens(httpx.Auth):
    """Sends the access token, and gets a new one when it is of no use any more.

    Threads may share it. It keeps everything in memory: another start is another sign-in.

    Args:
        base: where the API begins.
        ask: returns address and password. It is called at the first request, when the sign-in has
            ended, and when proof of presence is wanted.
    """

    def __init__(self, base: str, ask: Callable[[], tuple[str, str]]) -> None:
        self.base, self._ask = base, ask
        self._access = self._refresh = self._device = ""
        self._one_at_a_time = threading.Lock()

    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        """Send a request; each refusal that has a cure is cured once, and the request repeated."""
        cures = {"invalid_token": self._renew, "reauthentication_required": self._prove}
        if not self._access:
            yield from self._replace("", self._sign_in)
        while True:
            sent = self._access
            request.headers["Authorization"] = f"Bearer {sent}"
            answer = yield request
            cure = cures.pop(_code(answer), None)
            if cure is None:
                return
            yield from self._replace(sent, cure)

    async def async_auth_flow(self, request: httpx.Request) -> Any:
        """Refuse: a lock of threads would stop the whole event loop."""
        raise RuntimeError("Use this with httpx.Client.")
        yield

    def _replace(self, sent: str, fetch: Callable[[], Flow]) -> Flow:
        """Let one thread fetch new tokens; the others wait for it and take what it got."""
        with self._one_at_a_time:
            if self._access == sent:
                yield from fetch()

    def _sign_in(self) -> Flow:
        email, password = self._ask()
        known = {"device": self._device} if self._device else {}
        body = {"email": email, "password": password, **known}
        self._keep((yield self._post("/auth/token", body)))

    def _renew(self) -> Flow:
        # Kept until the next one is there: after a lost answer it is good for another try.
        answer = yield self._post("/auth/refresh", {"refresh_token": self._refresh})
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            yield from self._sign_in()
        else:
            self._keep(answer)

    def _prove(self) -> Flow:
        _, password = self._ask()
        asked = self._post("/auth/reauthenticate", {"password": password})
        asked.headers["Authorization"] = f"Bearer {self._access}"
        self._keep((yield asked))

    def _post(self, path: str, body: dict[str, str]) -> httpx.Request:
        return httpx.Request("POST", self.base + path, json=body, extensions={"timeout": TIMEOUT})

    def _keep(self, answer: httpx.Response) -> None:
        answer.read()
        if not answer.is_success:
            problem = answer.json()
            raise Refused(problem["code"], problem["detail"])
        found = answer.json()
        self._access, self._refresh = found["access_token"], found["refresh_token"]
        self._device = found.get("device", self._device)


def _code(answer: httpx.Response) -> str:
    """Return the code of a problem; empty when all is well."""
    if answer.headers.get("Content-Type") != "application/problem+json":
        return ""
    answer.read()
    return str(answer.json()["code"])
