"""A real mail server for the tests to send to, and what it was handed."""

import asyncio
import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from app.core.settings import get_settings


@dataclass
class Letterbox:
    """Letters in the order of their arrival; ``refusing`` makes the server say so instead."""

    letters: list[EmailMessage] = field(default_factory=list)
    refusing: str | None = None

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it by this name
        self, _: Any, __: Any, envelope: Any, address: str, ___: Any
    ) -> str:
        if self.refusing:
            return self.refusing
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        told = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(told, EmailMessage)
        self.letters.append(told)
        return "250 OK"


@asynccontextmanager
async def letterbox() -> AsyncIterator[Letterbox]:
    """Run a mail server on a free port and have the settings name it."""
    box = Letterbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PARK_SMTP_URL", f"smtp://127.0.0.1:{port}")
            get_settings.cache_clear()
            yield box
    finally:
        server.close()
        get_settings.cache_clear()


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body()
    assert body is not None
    return str(body.get_content())


def token_in(text: str) -> str:
    """Return the token of the link in a letter."""
    return next(w for w in text.split() if "/invite/" in w).rsplit("/", 1)[1]
