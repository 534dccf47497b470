"""Who takes a mail: an SMTP server with a checked certificate, or a folder where nobody needs a server to try it.

`KONTAKTSTELLE_SMTP_URL` names the server: `smtps://user:word@host:465` (TLS from the start) or
`smtp://user:word@host:587` (STARTTLS, demanded). There is no way to send without TLS or past a bad certificate.
Without the setting mails become files in `mail` in the data, with a stand-in for the recipient: a folder of real
addresses would lie in every backup in clear.
"""

import hashlib
import hmac
import os
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from kontaktstelle.privacy import keys

from .addresses import AddressRefused, MailAddress
from .models import Outage
from .serialising import Mail

SECONDS_TO_ANSWER = 20
DEFAULT_PORTS = {"smtps": 465, "smtp": 587}
ACCEPTED, PERMANENT = 250, 500
_RCPT_ACCEPTED = (250, 251)
# "Sign in first" in its several forms: the operator's to mend, no fault of the recipient.
_SIGN_IN_FIRST = frozenset({530, 535, 538})
_RELAY_DENIED = (554, b"5.7.1")


class ServerAway(Exception):  # noqa: N818 - named for what happened
    """No message can be handed over at the moment: the server is away, or not to be trusted."""

    def __init__(self, cause: Outage.Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


class NotNow(Exception):  # noqa: N818 - named for what happened
    """This message was not taken and may be tried again; `reply_code` is 0 if the line broke."""

    def __init__(self, reply_code: int = 0) -> None:
        super().__init__(reply_code)
        self.reply_code = reply_code


class Never(Exception):  # noqa: N818 - named for what happened
    """This message is refused for good."""

    def __init__(self, reply_code: int) -> None:
        super().__init__(reply_code)
        self.reply_code = reply_code


class Carrier(Protocol):
    """Takes mails one by one, within a `with` block."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def be_ready(self) -> None:
        """Connect if there is no connection.

        Raises:
            ServerAway: nothing can be handed over now.
        """

    def carry(self, mail: Mail, *, still_mine: Callable[[], bool]) -> None:
        """Hand over one mail; returns when it is safely taken (SMTP 250).

        Args:
            mail: what goes.
            still_mine: asked at the last moment before the text is handed over.

        Raises:
            NotNow: not taken; nothing was sent, or nobody knows.
            Never: refused for good.
            serialising.BytesRefused: it must not leave.
        """


def carrier() -> "Carrier":
    """Return the carrier the settings name."""
    return Smtp(settings.SMTP_URL) if settings.SMTP_URL else Folder(folder())


def origin(office: MailAddress) -> MailAddress:
    """Return the address mails come from: that of the mail account if one is set, else the office's own."""
    return MailAddress(settings.MAIL_FROM) if settings.MAIL_FROM else office


def folder() -> Path:
    """Return where mails lie when there is no server."""
    return Path(settings.DATA_DIR) / "mail"


def stand_in(address: MailAddress) -> MailAddress:
    """Return what stands in the folder instead of a recipient: always the same for the same one, and nobody's address."""
    mark = hmac.new(
        keys.purpose_key("mail-folder"), address.text.lower().encode(), hashlib.sha256
    ).hexdigest()
    return MailAddress(f"empfaenger-{mark[:16]}@mail.invalid")


def clear_folder(*, before: datetime) -> int:
    """Erase mails in the folder that are older; return how many."""
    old = [file for file in folder().glob("*.eml") if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


class Folder:
    """Writes each mail as a file: the same message twice is one file."""

    def __init__(self, where: Path) -> None:
        self.where = where

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def be_ready(self) -> None:
        """Make the folder."""
        try:
            self.where.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ServerAway(Outage.Cause.FOLDER) from error

    def carry(self, mail: Mail, *, still_mine: Callable[[], bool]) -> None:
        """Write the file, whole or not at all."""
        content = replace(mail, to=stand_in(mail.to)).as_bytes()
        if not still_mine():
            raise NotNow
        draft = self.where / f".{mail.number}.{os.getpid()}"
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            draft.rename(self.where / f"{mail.number}.eml")
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise NotNow from error


class Smtp:
    """Speaks with one server over one connection, made when it is needed and again when it broke."""

    def __init__(self, address: str) -> None:
        check_url(address)
        parts = urlsplit(address)
        self.implicit = parts.scheme == "smtps"
        self.host = parts.hostname or ""
        self.port = parts.port or DEFAULT_PORTS[parts.scheme]
        self.user, self.word = unquote(parts.username or ""), unquote(parts.password or "")
        self.line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.line is not None:
            try:
                self.line.quit()
            except (OSError, smtplib.SMTPException):
                self._drop()
            self.line = None

    def be_ready(self) -> None:
        """Connect, with TLS and a certificate that is valid for this host, and sign in."""
        if self.line is not None:
            return
        try:
            self._connect()
        except ssl.SSLCertVerificationError as error:
            raise self._away(Outage.Cause.CERTIFICATE) from error
        except smtplib.SMTPNotSupportedError as error:
            raise self._away(Outage.Cause.NO_TLS) from error
        except smtplib.SMTPAuthenticationError as error:
            raise self._away(Outage.Cause.SIGN_IN) from error
        except (OSError, smtplib.SMTPException) as error:
            raise self._away(Outage.Cause.UNREACHABLE) from error

    def carry(self, mail: Mail, *, still_mine: Callable[[], bool]) -> None:
        """Say MAIL, one RCPT and DATA."""
        content = mail.as_bytes()
        self.be_ready()
        line = self.line
        assert line is not None  # noqa: S101 - be_ready connected or raised
        try:
            self._expect(line.mail(mail.origin.text), (ACCEPTED,), permanent=NotNow)
            self._expect(line.rcpt(mail.to.text), _RCPT_ACCEPTED, permanent=Never)
            if not still_mine():
                self._drop()
                raise NotNow
            self._expect(line.data(content), (ACCEPTED,), permanent=Never)
        except smtplib.SMTPDataError as error:  # the server did not want to hear the text
            self._expect((error.smtp_code, _as_bytes(error.smtp_error)), (), permanent=Never)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise NotNow from error

    def _connect(self) -> None:
        context = trusted()
        name = urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"
        if self.implicit:
            self.line = smtplib.SMTP_SSL(
                self.host, self.port, local_hostname=name, timeout=SECONDS_TO_ANSWER, context=context
            )
        else:
            self.line = smtplib.SMTP(self.host, self.port, local_hostname=name, timeout=SECONDS_TO_ANSWER)
            self.line.ehlo()
            try:
                self.line.starttls(context=context)
            except smtplib.SMTPResponseException as error:
                raise smtplib.SMTPNotSupportedError from error
        self.line.ehlo()
        if self.user:
            self.line.login(self.user, self.word)

    def _expect(
        self, answer: tuple[int, bytes], good: tuple[int, ...], *, permanent: type[NotNow] | type[Never]
    ) -> None:
        """Keep only the number of an answer: its words may repeat the address."""
        code = answer[0]
        if code in good:
            return
        line = self.line
        try:
            if line is not None and line.rset()[0] != ACCEPTED:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()
        whose = (
            NotNow
            if code in _SIGN_IN_FIRST or (code == _RELAY_DENIED[0] and _RELAY_DENIED[1] in answer[1])
            else permanent
        )
        raise (whose(code) if code >= PERMANENT else NotNow(code))

    def _away(self, cause: Outage.Cause) -> ServerAway:
        self._drop()
        return ServerAway(cause)

    def _drop(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None


def _as_bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def trusted() -> ssl.SSLContext:
    """Return what makes a server trusted: a valid certificate for its name, TLS 1.2 or newer."""
    context = ssl.create_default_context(cafile=settings.SMTP_CA or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def check_settings() -> None:
    """Refuse to start with a mail server or a sender's address that is none.

    Raises:
        ImproperlyConfigured: with a German sentence.
    """
    if settings.SMTP_URL:
        check_url(settings.SMTP_URL)
    if settings.MAIL_FROM:
        try:
            MailAddress(settings.MAIL_FROM)
        except AddressRefused as error:
            raise ImproperlyConfigured("KONTAKTSTELLE_MAIL_FROM ist keine E-Mail-Adresse.") from error


def check_url(address: str) -> None:
    """Refuse an address of a mail server that is none; never repeats it, for it holds a password.

    Raises:
        ImproperlyConfigured: with a German sentence.
    """
    try:
        parts = urlsplit(address)
        good = parts.scheme in DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ImproperlyConfigured(
            "KONTAKTSTELLE_SMTP_URL ist keine Adresse eines Mail-Servers. Richtig ist "
            "smtps://benutzer:kennwort@mail.example.org:465 oder smtp://benutzer:kennwort@mail.example.org:587; "
            "Sonderzeichen im Kennwort als %-Zeichen (z. B. %40 für @)."
        )
