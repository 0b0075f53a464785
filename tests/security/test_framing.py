"""Where a message ends is never in doubt: bytes straight to the server that is shipped."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Serve an echo of what the server takes for a request, with the shipped protocol."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while (part := await receive())["type"] == "http.request":
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        told = f"{scope['method']} {scope['path']} {len(body)}".encode()
        headers = [(b"content-length", str(len(told)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=[[taken]], daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.01)
        yield taken.getsockname()[1]
        server.should_exit = True
        thread.join()


def _said(port: int, raw: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(raw)
        line.shutdown(socket.SHUT_WR)
        told = b""
        while part := line.recv(65536):
            told += part
    return told


_HEAD = b"POST /x HTTP/1.1\r\nHost: park.test\r\n"
_HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: park.test\r\n\r\n"


def test_a_plain_message_is_answered(port: int) -> None:
    assert b"POST /x 3" in _said(port, _HEAD + b"Content-Length: 3\r\n\r\nabc")


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
        b"Content-Length: 0\r\nContent-Length: 44\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: +0\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Content-Length: 0\x0b\r\n",
    ],
)
def test_a_message_with_two_ends_is_refused(port: int, lines: bytes) -> None:
    """Either refused, or what follows is never taken for a second request."""
    told = _said(port, _HEAD + lines + b"\r\n0\r\n\r\n" + _HIDDEN)
    assert b"/hidden" not in told or told.startswith(b"HTTP/1.1 400")
