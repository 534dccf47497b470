"""A small mail server on this machine, for tests: TLS, sign-in, and every way of behaving badly."""

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Server:
    """Serves until the `with` block ends. `taken` holds (sender, [recipients], bytes) of every accepted mail.

    Attributes:
        implicit: TLS from the first byte; otherwise STARTTLS is offered unless `starttls` is False.
        answers: what the coming commands answer instead of the usual, e.g. `{"RCPT": ["450 later"]}`.
        silent_after_data: this many mails are taken and the line is cut before the answer.
        cut_before_data: this many lines are cut when DATA comes.
        slow: seconds between the bytes of an answer.
    """

    def __init__(self, certificate, *, implicit=True, starttls=True, word=None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.implicit, self.starttls, self.word = implicit, starttls, word
        self.taken, self.said, self.answers = [], [], {}
        self.silent_after_data = self.cut_before_data = 0
        self.slow = 0.0
        self.connections = 0

    def __enter__(self):
        self.socket = listening()
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.thread.join(5)

    @property
    def url(self):
        return f"{'smtps' if self.implicit else 'smtp'}://127.0.0.1:{self.port}"

    def _serve(self):
        while self.socket.fileno() != -1:
            try:
                line, _ = self.socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(line,), daemon=True).start()

    def _one(self, line):
        line.settimeout(10)
        with contextlib.suppress(OSError, ConnectionError, ValueError):
            if self.implicit:
                line = self.context.wrap_socket(line, server_side=True)
            self._talk(line)
        with contextlib.suppress(OSError):
            line.close()

    def _talk(self, line):  # noqa: C901, PLR0912 - a conversation is read from top to bottom
        secure, known, mail = self.implicit, self.word is None, None
        reader = line.makefile("rb")
        self._say(line, "220 test")
        while command := reader.readline().decode("latin-1").rstrip("\r\n"):
            verb = command.split(" ")[0].upper()
            self.said.append(command)
            if self.answers.get(verb):
                answer = self.answers[verb].pop(0)
                self._say(line, answer)
                if answer.startswith("421"):
                    return
            elif verb in {"EHLO", "HELO"}:
                offers = (["STARTTLS"] if self.starttls and not secure else []) + (
                    ["AUTH PLAIN"] if self.word else []
                )
                self._say(
                    line, "\r\n".join(f"250-{each}" for each in ["test", *offers]) + "\r\n250 SIZE 1000000"
                )
            elif verb == "STARTTLS" and self.starttls:
                self._say(line, "220 go on")
                line = self.context.wrap_socket(line, server_side=True)
                reader, secure = line.makefile("rb"), True
            elif verb == "AUTH":
                known = command.endswith(self.word)
                self._say(line, "235 welcome" if known else "535 5.7.8 no")
            elif verb == "MAIL":
                mail = [command.split("<")[1].split(">")[0], []]
                self._say(line, "250 ok" if known else "530 5.7.0 sign in first")
            elif verb == "RCPT":
                mail[1].append(command.split("<")[1].split(">")[0])
                self._say(line, "250 ok")
            elif verb == "DATA":
                if self.cut_before_data > 0:
                    self.cut_before_data -= 1
                    return
                self._say(line, "354 go on")
                content = self._content(reader)
                if content is None:
                    return
                if self.answers.get("."):
                    self._say(line, self.answers["."].pop(0))
                    continue
                self.taken.append((mail[0], mail[1], content))
                if self.silent_after_data > 0:
                    self.silent_after_data -= 1
                    return
                self._say(line, "250 taken")
            elif verb == "QUIT":
                self._say(line, "221 bye")
                return
            else:
                self._say(line, "250 ok")

    def _content(self, reader):
        lines = []
        while (each := reader.readline()) != b".\r\n":
            if not each:
                return None
            lines.append(each[1:] if each.startswith(b".") else each)
        return b"".join(lines)

    def _say(self, line, answer):
        said = f"{answer}\r\n".encode()
        if not self.slow:
            line.sendall(said)
        for letter in said if self.slow else ():
            line.sendall(bytes([letter]))
            time.sleep(self.slow)


def listening():
    """Return a listening socket on a free port that no outgoing connection can be given."""
    for port in range(10_000 + time.monotonic_ns() % 20_000, 32_000):
        found = socket.socket()
        try:
            found.bind(("127.0.0.1", port))
        except OSError:
            found.close()
            continue
        found.listen(20)
        found.settimeout(0.1)
        return found
    raise OSError("no free port")


def certificates(folder: Path, name: str = "127.0.0.1", *, days: int = 2):
    """Make an authority and a certificate by it; return (file of the authority, file of certificate and key)."""
    start = datetime.now(UTC) - timedelta(days=3)
    until = datetime.now(UTC) + timedelta(days=days)
    own_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])

    def certificate(subject, public, signing, *, is_authority):
        names = [x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)]
        return (
            x509.CertificateBuilder(authority, subject, public, x509.random_serial_number(), start, until)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(signing, hashes.SHA256())
        )

    root = certificate(authority, own_key.public_key(), own_key, is_authority=True)
    leaf = certificate(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        key.public_key(),
        own_key,
        is_authority=False,
    )
    ca, both = folder / "ca.pem", folder / "server.pem"
    ca.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    both.write_bytes(
        leaf.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return str(ca), str(both)
