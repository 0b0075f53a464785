"""One message out of the house: over SMTP, to the server that `PARK_SMTP_URL` names."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from app.core.settings import Settings, get_settings

SECONDS = 15.0  # of silence, after which a mail server is given up
_PORTS = {"smtp": 25, "smtps": 465}
_REFUSED = 500  # from here on an SMTP code says: never


class MailFailed(Exception):
    """The message did not leave. The words name no address; ``for_good``: do not try again."""

    def __init__(self, words: str, *, for_good: bool = False) -> None:
        super().__init__(words)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server: `smtp://` takes STARTTLS where offered, `smtps://` begins encrypted."""

    host: str
    port: int
    implicit: bool
    start: bool
    user: str | None = None
    password: str | None = None

    @classmethod
    def of(cls, address: str) -> "Server":
        """Read an address such as `smtps://user:password@mail.example.cn`. Raises MailFailed."""
        try:
            told = urlsplit(address)
            port = told.port
        except ValueError:
            told, port = urlsplit(""), None
        if told.scheme not in _PORTS or not told.hostname:
            raise MailFailed("PARK_SMTP_URL is no smtp:// or smtps:// address", for_good=True)
        return cls(
            told.hostname,
            port or _PORTS[told.scheme],
            implicit=told.scheme == "smtps",
            start=parse_qs(told.query).get("starttls") != ["no"],
            user=unquote(told.username) if told.username else None,
            password=unquote(told.password) if told.password else None,
        )

    @property
    def here(self) -> bool:
        """Whether nothing leaves the machine on the way to it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def configured() -> bool:
    """Say whether this installation sends mail at all."""
    return get_settings().smtp_url is not None


def letter(to: str, subject: str, text: str) -> EmailMessage:
    """Return a plain-text message. Raises MailFailed for what is no single address."""
    message = EmailMessage()
    try:
        message["To"] = (Address(addr_spec=to),)
        message["From"] = sender(get_settings())
        message["Subject"] = " ".join(subject.split())
    except (ValueError, IndexError, MessageError) as exc:
        raise MailFailed("not an address mail can be sent to", for_good=True) from exc
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def sender(settings: Settings) -> str:
    """Return whom the mail is from: as configured, else park@ the public address."""
    host = urlsplit(settings.address).hostname or "localhost"
    return settings.mail_from or f"park@{host}"


async def send(message: EmailMessage) -> None:
    """Hand ``message`` to the server. Raises MailFailed."""
    given = get_settings().smtp_url
    if given is None:
        raise MailFailed("PARK_SMTP_URL is not set", for_good=True)
    server = Server.of(given.get_secret_value())
    await asyncio.to_thread(_handed_over, server, message)


def _handed_over(server: Server, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    try:
        with _connected(server, context) as smtp:
            if not server.implicit:
                smtp.ehlo()
                if server.start and smtp.has_extn("starttls"):
                    smtp.starttls(context=context)
            if server.user is not None:
                _sign_in(smtp, server)
            smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as exc:
        codes = sorted({code for code, _ in exc.recipients.values()})
        words = "the server refuses the recipient: " + ", ".join(map(str, codes))
        raise MailFailed(words, for_good=codes[0] >= _REFUSED) from exc
    except smtplib.SMTPResponseException as exc:
        raise MailFailed(f"the server says {exc.smtp_code}") from exc
    except (smtplib.SMTPException, OSError) as exc:
        raise MailFailed(type(exc).__name__) from exc


def _connected(server: Server, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.implicit:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=SECONDS)


def _sign_in(smtp: smtplib.SMTP, server: Server) -> None:
    """Sign in, never with a password that others on the way could read. Raises MailFailed."""
    if not isinstance(smtp.sock, ssl.SSLSocket) and not server.here:
        raise MailFailed("the server offers no encryption, so the password stays here")
    smtp.login(server.user or "", server.password or "")
