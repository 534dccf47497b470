"""A message as Outlook saves it, for tests: a compound file with the streams MS-OXMSG names and nothing else."""

import struct

SECTOR, FREE, CHAIN_END, IS_FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ROOT, STORAGE, STREAM = 5, 1, 2
# Smaller streams would lie in a second table of small sectors; words are padded instead.
SMALLEST = 4096


def outlook_message(*, text="", html=b"", subject="", sender="", address="", attachments=(), in_bytes=False):
    """Return the bytes of an .msg; `attachments` are pairs of a name and contents."""
    kind = "001E" if in_bytes else "001F"

    def coded(words):
        raw = words.encode("cp1252") if in_bytes else words.encode("utf-16-le")
        pad = b" " if in_bytes else b" \x00"
        return raw + pad * ((SMALLEST - len(raw)) // len(pad) + 1 if len(raw) < SMALLEST else 0)

    streams = {"__properties_version1.0": b"\x00" * SMALLEST}
    for field, words in (("1000", text), ("0037", subject), ("0C1A", sender), ("5D01", address)):
        if words:
            streams[f"__substg1.0_{field}{kind}"] = coded(words)
    if html:
        streams["__substg1.0_10130102"] = html.ljust(SMALLEST)
    storages = {
        f"__attach_version1.0_#{number:08}": {
            f"__substg1.0_3707{kind}": coded(name),
            "__substg1.0_37010102": content.ljust(SMALLEST, b"\x00"),
        }
        for number, (name, content) in enumerate(attachments)
    }
    return compound(streams, storages)


def compound(streams, storages):
    """Return a compound file: streams in its root, and storages with streams of their own."""
    entries, contents = [("Root Entry", ROOT, FREE, 0)], []

    def add(name, kind, content=b""):
        entries.append((name, kind, len(contents) if kind == STREAM else FREE, len(content)))
        if kind == STREAM:
            contents.append(content)
        return len(entries) - 1

    children = {0: [add(name, STREAM, content) for name, content in streams.items()]}
    for name, inside in storages.items():
        number = add(name, STORAGE)
        children[0].append(number)
        children[number] = [add(each, STREAM, content) for each, content in inside.items()]

    starts, fat, body = [], [], b""
    for content in contents:
        starts.append(len(fat))
        count = -(-len(content) // SECTOR)
        fat += [len(fat) + number + 1 for number in range(count - 1)] + [CHAIN_END]
        body += content.ljust(count * SECTOR, b"\x00")
    directory = b"".join(
        _entry(entry, number, children, starts, entries) for number, entry in enumerate(entries)
    )
    directory_start, count = len(fat), -(-len(directory) // SECTOR)
    fat += [len(fat) + number + 1 for number in range(count - 1)] + [CHAIN_END]
    body += directory.ljust(count * SECTOR, b"\x00")
    tables = 1
    while (len(fat) + tables) * 4 > tables * SECTOR:
        tables += 1
    table_start = len(fat)
    fat += [IS_FAT] * tables
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(tables * SECTOR, b"\xff")
    head = struct.pack(
        "<8s16s5H6s9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, tables, directory_start, 0, SMALLEST, CHAIN_END, 0, CHAIN_END, 0,
    )  # fmt: skip
    head += struct.pack(f"<{tables}I", *range(table_start, table_start + tables))
    return head.ljust(SECTOR, b"\xff") + body + table


def _entry(entry, number, children, starts, entries):
    name, kind, content, size = entry
    siblings = next((each for each in children.values() if number in each), [])
    after = siblings.index(number) + 1 if siblings else 0
    following = siblings[after] if siblings and after < len(siblings) else FREE
    child = (children.get(number) or [FREE])[0]
    start = starts[content] if kind == STREAM else CHAIN_END if kind == ROOT else 0
    coded = (name + "\x00").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ", coded, len(coded), kind, 1, FREE, following, child, b"", 0, 0, 0, start, size
    )
