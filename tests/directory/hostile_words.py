"""What people paste, what bots send, what breaks programs. Own collection, after the kinds of the Big List of Naughty Strings."""

HOSTILE = {
    "nothing": "", "spaces": "   \t\n ", "one letter": "a", "one mark": "?", "marks": "!?.,;:-_#'+*~", "digits": "1234567890", "a number of 400 digits": "9" * 400,
    "10,000 letters": "a" * 10_000, "10,000 words": "angst " * 10_000, "10,000 marks": "!" * 10_000, "100,000 letters": "ä" * 100_000,
    "NUL": "angst\x00panik", "only NUL": "\x00", "control": "".join(map(chr, range(1, 32))), "delete and C1": "".join(map(chr, range(127, 160))), "escape": "\x1b[31mrot\x1b[0m",
    "line breaks": "angst\r\npanik\r\n\r\nX-Header: 1", "CRLF header": "a\r\nSet-Cookie: x=1", "BOM": "\ufeffangst", "zero width": "an\u200bgst", "soft hyphen": "an\u00adgst",
    "bidi override": "\u202eangst\u202c", "bidi isolates": "\u2066\u2067\u2068angst\u2069", "combining": "a" + "\u0301" * 500, "zalgo": "a̷̧̛̛͕̣̥ͧ͂n̴̨̛̝̟͈͊̾g̷̡̺͓̈́s̸̛͔t", "ligatures": "ﬀ ﬁ ﬂ ﷺ", "many ligatures": "ﷺ" * 600, "squared": "㍿" * 600,
    "New Tai Lue": "xᧀy ᦰ", "Vedic": "aᳲb", "Adlam": "𞤢𞤣𞤤", "emoji": "😢😭 angst", "family": "👩‍👩‍👧‍👦", "flag": "🇩🇪", "noncharacter": "\ufffe\uffff", "replacement": "\ufffd", "private use": "\ue000\uf8ff", "astral": "\U0010ffff",
    "mathematical": "𝐀𝐧𝐠𝐬𝐭", "full width": "Ａｎｇｓｔ", "upside down": "ʇsƃuɐ", "Turkish I": "İıIi DEPRESYON", "sharp s": "ẞßSS", "Arabic": "أنا خائف", "Hebrew": "אני מפחד", "Thai": "ฉันกลัว", "Chinese": "我很害怕", "Japanese": "パニック障害",
    "Hindi": "मुझे डर लगता है", "Amharic": "ፈርቻለሁ", "script": "<script>alert(1)</script>", "image": "<img src=x onerror=alert(1)>", "closing tag": "</textarea></form></main><h1>x", "attribute": '" onfocus=alert(1) autofocus x="', "single quote": "' onfocus='alert(1)",
    "SVG": "<svg/onload=alert(1)>", "comment": "<!-- --> ]]> <![CDATA[", "entity": "&lt;script&gt; &amp; &#60; &nbsp;", "javascript": "javascript:alert(1)", "Jinja": "{{ 7*7 }} {% for x in y %} {{ config }}", "Django": "{{ settings.SECRET_KEY }} {% debug %}", "percent": "%s %d %n %(x)s %%", "format": "{0} {a.b} {__class__}",
    "SQL": "'; DROP TABLE groups_group; --", "SQL or": "' OR 1=1 --", "SQL union": '" UNION SELECT * FROM relay_party --', "FTS": '"angst" NEAR(panik) OR * ^ words:', "tsquery": "a & b | !c <-> d:*", "like": "%_%_\\", "regex": "(a+)+$ [[[ ((( \\", "path": "../../etc/passwd", "shell": "$(reboot) `id` ; rm -rf / | cat", "LDAP": "*)(uid=*))(|(uid=*",
    "JSON": '{"a": [1, {"$gt": ""}]}', "XML": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;', "formula": '=HYPERLINK("http://x")', "phone": "+49 30 23125 001", "mail": "a@example.org", "postcode": "99999 00000 59423", "not a number": "NaN null None undefined true", "infinite": "1e309 -1 0x10",
    "quotes": "„Angst“ ‚Panik‘ »Sorge« 'x\" `", "long word": "Donaudampfschifffahrtsgesellschaftskapitänsangststörung" * 10, "many places": "in Unna bei Köln nahe Berlin Raum Neustadt", "many dangers": "umbringen Messer Tabletten schlägt mich Kind Blut", "repeat": "neeeeeeeeeeein" * 40,
}  # fmt: skip
