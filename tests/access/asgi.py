"""The shortest way to ask the application: one call of it, no client, no network."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import anyio
from fastapi import FastAPI

_BOUNDARY = "probe"
#: A file no register takes: its name says program, so an authorised upload is refused as invalid.
BAD_FILE = (
    f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x.exe"\r\n'
    f"Content-Type: application/octet-stream\r\n\r\nMZ\r\n--{_BOUNDARY}--\r\n"
).encode()
MULTIPART = f"multipart/form-data; boundary={_BOUNDARY}"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Question:
    """One request."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """One response, the number of the request left out of it."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def written(method: str, path: str, given: Any, **headers: str) -> Question:
    """Return a question with a JSON body."""
    told = [("content-type", "application/json")]
    told += [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Question(method, path, "", json.dumps(given).encode(), tuple(told))


async def ask(app: FastAPI, question: Question, token: str | None) -> Answer:
    """Return what the application answers."""
    headers = [(name.encode(), value.encode()) for name, value in question.headers]
    if token is not None:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": question.method,
        "path": question.path,
        "raw_path": quote(question.path).encode(),
        "query_string": question.query.encode(),
        "root_path": "",
        "headers": [*headers, (b"host", b"park.test")],
        "client": ("192.0.2.1", 1),
        "server": ("park.test", 80),
        "state": {},
    }
    sent: list[dict[str, Any]] = []
    try:
        await app(scope, _receiver(question.body), _into(sent))
    except Exception:
        if not sent:  # a server answers 500 first and raises for its log then
            raise
    start = sent[0]
    told = tuple(h for h in sorted(start["headers"]) if h[0] != b"x-request-id")
    return Answer(start["status"], told, b"".join(m.get("body", b"") for m in sent[1:]))


def _receiver(body: bytes) -> Any:
    said = False

    async def receive() -> dict[str, Any]:
        nonlocal said
        if said:
            await anyio.sleep_forever()  # nobody hangs up
        said = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _into(sent: list[dict[str, Any]]) -> Any:
    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    return send
