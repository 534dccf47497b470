"""Strings with which people have broken out of mail headers, and some that merely are unusual names."""

BREAKING_OUT = [
    "a\r\nBcc: x@evil.example", "a\nBcc: x@evil.example", "a\rBcc: x@evil.example", "a\r\n\r\nSecond body", "a\0b", "a\x0bBcc: x", "a\x0cBcc: x", "a\x85Bcc: x@evil.example",
    "a\u2028Bcc: x@evil.example", "a\u2029Bcc: x@evil.example", "a\u202eexe.gnp", "a\u200bb", "\ud800", "a\x1b[31m", "a\x7fb", "\ufeffBcc: x", "a\r\n Bcc: x", "a\r\n\tb",
]  # fmt: skip
MERELY_UNUSUAL = [
    "K.I.S.S. Kreis Beispiel", "Selbsthilfe, Beratung & mehr", 'Büro "Mittendrin"', "Büro \\ Schrägstrich", "Müller, Größe & Söhne <Beratung>", "a@b.example", "<x@evil.example>",
    "x@evil.example,", "=?utf-8?q?Bcc=3A_x=40evil.example?=", "=?utf-8?b?YQpCY2M6IHhAZXZpbA==?=", "=?utf-8?b?YQpCY2M6IHhAZXZpbA==?= <x@evil.example>", "Bcc: x@evil.example", ';:,<>()[]\\"', "()<>@,;:.",
    "Ünlü Çağrı, Köln", "مركز المساعدة الذاتية", "Центр самопомощи", "Zentrum 🌻 Sonnenblume", "ﬁ ligature", "e\u0301 combining", "x" * 200, "ü" * 200, "ü, " * 60 + "ü", "$link $frist ${x} %s {0}",
    "'; DROP TABLE mailroom_dispatch; --", "<script>alert(1)</script>", "{{7*7}}", '#read("/etc/passwd")', "../../etc/passwd", "-", ".", "  zwei  Leerzeichen  ", "=?", "?=", '"', "\\", "group: a@b.example, c@d.example;",
]  # fmt: skip
NO_SINGLE_ADDRESS = [
    "", " ", "@", "a@", "@b.example", "a", "a@b", "a@b@c.example", "a@example.org,b@example.org", "a@example.org;b@example.org", "a@example.org b@example.org", "<a@example.org>", "A <a@example.org>",
    "a@example.org\r\nBcc: b@example.org", "a@example.org\n", "\na@example.org", "a@example.org\0", "a b@example.org", '"a b"@example.org', '"a@b.example"@example.org', "a@[127.0.0.1]", "a@127.0.0.1",
    "a..b@example.org", ".a@example.org", "a.@example.org", "a@-b.example", "a@b-.example", "a@b..example", "a@.example", "a@example.org.", "a(comment)@example.org", "a@example.org(comment)", "ä@example.org",
    "a@straße.example", "a\u200b@example.org", "a@exa\u200bmple.org", "a@exam\u00adple.org", "a" * 65 + "@example.org", "a@" + "b" * 64 + ".example", "a@" + "b.c" * 90 + ".example", "group:a@example.org;", "a%b@", "a@b_c.example",
    "=?utf-8?q?a?=@", "a@example.org, ", ",a@example.org", "a@ex ample.org", "mailto:a@@example.org", "a\\@example.org", "\u202ea@example.org", "a@example\uff0eorg\r\nBcc:x", "\ud800@example.org", "a@\ud800.example",
]  # fmt: skip
SINGLE_ADDRESSES = {
    "karla@example.org": "karla@example.org",
    " karla@example.org ": "karla@example.org",
    "Karla.Kanarie+post@Example.ORG": "Karla.Kanarie+post@example.org",
    "o'hara@example.org": "o'hara@example.org",
    "a@müller.example": "a@xn--mller-kva.example",
    "a@xn--mller-kva.example": "a@xn--mller-kva.example",
    "a_b-c=d@sub.sub.example.org": "a_b-c=d@sub.sub.example.org",
    "1@2.example": "1@2.example",
}
