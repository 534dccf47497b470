"""A small IMAP server on this machine, for tests: TLS, sign-in, search, fetch, marks, moving. It speaks what we speak."""

import contextlib
import re
import ssl
import threading

from mailroom.smtp_server import certificates, listening

__all__ = ["Mailbox", "certificates"]


class Message:
    """A mail as it lies there."""

    def __init__(self, uid, content, arrived):
        self.uid, self.content, self.arrived, self.flags = uid, content, arrived, set()


class Mailbox:
    """Serves until the `with` block ends.

    Attributes:
        inbox: what lies there; `done` what was laid aside.
        moves: whether the server knows MOVE.
        said: every command, as it came.
        silent: answers nothing any more after this word.
        has_done: whether the folder for what is done is there already.
    """

    def __init__(self, certificate, *, implicit=True, starttls=True, word="geheim", moves=True, validity=77):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.implicit, self.starttls, self.word, self.moves, self.validity = (
            implicit,
            starttls,
            word,
            moves,
            validity,
        )
        self.inbox, self.folders, self.said, self.refuses = [], {}, [], set()
        self.has_done = False

    def deliver(self, content, arrived="10-Mar-2026 08:12:00 +0000"):
        self.inbox.append(Message(len(self.inbox) + 1, content, arrived))

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
        return f"{'imaps' if self.implicit else 'imap'}://postkonto:{self.word}@127.0.0.1:{self.port}/INBOX"

    def _serve(self):
        while self.socket.fileno() != -1:
            try:
                line, _ = self.socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            threading.Thread(target=self._one, args=(line,), daemon=True).start()

    def _one(self, line):
        line.settimeout(10)
        with contextlib.suppress(OSError, ConnectionError, ValueError):
            if self.implicit:
                line = self.context.wrap_socket(line, server_side=True)
            self._talk(line)
        with contextlib.suppress(OSError):
            line.close()

    def _talk(self, line):
        secure, readonly = self.implicit, True
        reader = line.makefile("rb")
        line.sendall(b"* OK test\r\n")
        while command := reader.readline().decode("latin-1").rstrip("\r\n"):
            self.said.append(command)
            tag, verb, *rest = command.split(" ", 2)
            words, verb = (rest[0] if rest else ""), verb.upper()
            if verb in self.refuses or f"UID {words.split(' ')[0]}" in self.refuses:
                line.sendall(f"{tag} NO not now karla.kanarie@example.org\r\n".encode())
            elif verb == "CAPABILITY":
                offers = (" STARTTLS" if self.starttls and not secure else "") + (
                    " MOVE" if self.moves else ""
                )
                line.sendall(f"* CAPABILITY IMAP4rev1{offers}\r\n{tag} OK done\r\n".encode())
            elif verb == "STARTTLS":
                line.sendall(f"{tag} OK done\r\n".encode())
                line = self.context.wrap_socket(line, server_side=True)
                reader, secure = line.makefile("rb"), True
            elif verb == "LOGIN":
                known = secure and words.replace('"', "").endswith(f" {self.word}")
                line.sendall(f"{tag} {'OK welcome' if known else 'NO wrong'}\r\n".encode())
            elif verb in {"SELECT", "EXAMINE"}:
                readonly = verb == "EXAMINE"
                head = f"* {len(self.inbox)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\n"
                line.sendall(f"{head}{tag} OK [READ-{'ONLY' if readonly else 'WRITE'}] done\r\n".encode())
            elif verb == "CREATE":
                self.has_done = True
                line.sendall(f"{tag} OK done\r\n".encode())
            elif verb == "UID":
                answer, good = self._uid(words, readonly=readonly)
                line.sendall(answer + f"{tag} {'OK done' if good else 'NO [TRYCREATE] no'}\r\n".encode())
            elif verb == "LOGOUT":
                line.sendall(f"* BYE bye\r\n{tag} OK done\r\n".encode())
                return
            else:
                line.sendall(f"{tag} OK done\r\n".encode())

    def _uid(self, words, *, readonly):
        verb, _, rest = words.partition(" ")
        if verb.upper() == "SEARCH":
            found = [str(each.uid) for each in self.inbox if not each.flags & {"\\Seen", "\\Deleted"}]
            return f"* SEARCH {' '.join(found)}\r\n".encode(), True
        uids, _, what = rest.partition(" ")
        chosen = [each for each in self.inbox if str(each.uid) in uids.split(",")]
        if verb.upper() == "FETCH":
            return b"".join(self._fetched(each, what) for each in chosen), True
        if readonly:
            return b"", False
        if verb.upper() == "STORE":
            for each in chosen:
                each.flags |= set(re.findall(r"\\\w+", what))
            return b"", True
        if not self.has_done:
            return b"", False
        self.folders.setdefault(what.strip('"'), []).extend(chosen)
        if verb.upper() == "MOVE":
            self.inbox = [each for each in self.inbox if each not in chosen]
        return b"", True

    def _fetched(self, message, what):
        head = f"* {message.uid} FETCH (UID {message.uid}"
        if "INTERNALDATE" in what:
            head += f' INTERNALDATE "{message.arrived}"'
        if "RFC822.SIZE" in what:
            head += f" RFC822.SIZE {len(message.content)}"
        if "FLAGS" in what:
            head += f" FLAGS ({' '.join(sorted(message.flags))})"
        if "BODY" not in what:
            return f"{head})\r\n".encode()
        if ".PEEK" not in what:
            message.flags.add("\\Seen")
        return f"{head} BODY[]<0> {{{len(message.content)}}}\r\n".encode() + message.content + b")\r\n"
