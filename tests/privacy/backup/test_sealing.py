"""The sealed file: comes back as it was, and no changed bit, cut or doubled piece goes unnoticed."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontaktstelle.privacy.backup import sealing
from kontaktstelle.privacy.backup.sealing import CHUNK, FileDamaged, Kind, NoFittingKey, Reader, WholeFile

KEK, OTHER = bytes(range(32)), bytes(32)
HEAD = sealing.HEADER_BYTES + sealing.MAC_BYTES
SEALED = CHUNK + sealing.TAG_BYTES


def make(file, *pieces, kind=Kind.BACKUP, kek=KEK):
    with WholeFile(file, kind, kek) as out:
        for piece in pieces:
            out.write(piece)
    return file


def read(file, kind=Kind.BACKUP, keks=(KEK,)):
    return b"".join(Reader(file, kind, keks).content())


def noise(size):
    return random.Random(7).randbytes(size)  # noqa: S311 - the same noise every time


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.binary(max_size=5000), max_size=8))
def test_every_content_comes_back_as_it_was(tmp_path_factory, pieces):
    file = make(tmp_path_factory.mktemp("s") / "x", *pieces)
    assert read(file) == b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 20, CHUNK, CHUNK + 1, 3 * CHUNK, 5 * CHUNK + 17])
def test_every_length_comes_back(tmp_path, size):
    assert read(make(tmp_path / "x", noise(size))) == noise(size)


@pytest.mark.parametrize(
    "content", [b"a\nb\nc\n", b"a\nb\nc", b"", b"\n\n", b"x" * 300_000 + b"\n" + b"y" * 300_000]
)
def test_lines_come_back_line_by_line(tmp_path, content):
    assert list(Reader(make(tmp_path / "x", content), Kind.BACKUP, [KEK]).lines()) == content.splitlines()


def test_every_single_flipped_bit_of_a_small_file_is_found(tmp_path):
    file = make(tmp_path / "x", b"Kanarienvogel")
    whole = file.read_bytes()
    for position in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[position] ^= 1 << bit
            file.write_bytes(changed)
            with pytest.raises((FileDamaged, NoFittingKey)):
                read(file)
    file.write_bytes(whole)
    assert read(file) == b"Kanarienvogel"


def pieces_of(whole):
    head, body = whole[:HEAD], whole[HEAD:]
    return head, [body[start : start + SEALED] for start in range(0, len(body), SEALED)]


@pytest.mark.parametrize(
    "change",
    [
        lambda head, chunks: head + b"".join(chunks[:-1]),
        lambda head, chunks: head + b"".join(chunks)[:-1],
        lambda head, chunks: head + b"".join(chunks) + b"\0",
        lambda head, chunks: head + b"".join([*chunks, chunks[-1]]),
        lambda head, chunks: head + b"".join([chunks[1], chunks[0], *chunks[2:]]),
        lambda head, chunks: head + b"".join([chunks[0], *chunks[2:]]),
        lambda head, chunks: head + b"".join([chunks[0], *chunks]),
        lambda head, _: head,
        lambda head, _: head[:-1],
        lambda head, _: head[:20],
        lambda *_: b"",
        lambda *_: b"SQLite format 3\0" + b"\0" * 200,
    ],
)
def test_a_file_cut_off_doubled_or_put_together_anew_is_found(tmp_path, change):
    file = make(tmp_path / "x", noise(3 * CHUNK))
    file.write_bytes(change(*pieces_of(file.read_bytes())))
    with pytest.raises(FileDamaged):
        read(file)


def test_a_chunk_of_another_file_with_the_same_key_does_not_fit(tmp_path):
    one, other = (make(tmp_path / name, noise(3 * CHUNK)) for name in ("one", "other"))
    head, chunks = pieces_of(one.read_bytes())
    _, foreign = pieces_of(other.read_bytes())
    one.write_bytes(head + b"".join([foreign[0], *chunks[1:]]))
    with pytest.raises(FileDamaged):
        read(one)


def test_another_key_is_named_and_opens_nothing(tmp_path):
    from kontaktstelle.privacy import keys

    file = make(tmp_path / "x", b"Kanarienvogel")
    with pytest.raises(NoFittingKey) as told:
        read(file, keks=[OTHER])
    assert keys.name_of(KEK) in told.value.sentence
    assert keys.name_of(OTHER) in told.value.sentence
    assert read(file, keks=[OTHER, KEK]) == b"Kanarienvogel"


def test_a_key_ring_is_not_taken_for_a_backup(tmp_path):
    file = make(tmp_path / "x", b"x", kind=Kind.KEY_RING)
    with pytest.raises(FileDamaged):
        read(file)
    assert read(file, kind=Kind.KEY_RING) == b"x"


def test_nothing_of_the_content_can_be_read_in_the_file(tmp_path):
    content = b"Kanarienvogel " * 20
    file = make(tmp_path / "x", content)
    assert b"Kanarienvogel" not in file.read_bytes()
    assert len({make(tmp_path / str(number), content).read_bytes() for number in range(5)}) == 5


def test_a_crash_while_writing_leaves_what_was_there(tmp_path):
    file = make(tmp_path / "x", b"alt")
    with pytest.raises(ZeroDivisionError), WholeFile(file, Kind.BACKUP, KEK) as out:
        raise_after_writing(out)
    assert read(file) == b"alt"
    assert [each.name for each in Path(tmp_path).iterdir()] == ["x"]


def raise_after_writing(out):
    out.write(noise(2 * CHUNK))
    raise ZeroDivisionError


def test_only_the_owner_reads_it(tmp_path):
    assert make(tmp_path / "x", b"x").stat().st_mode & 0o777 == 0o600
