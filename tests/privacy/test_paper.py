"""The paper copy: read back as printed, every typing error found and named by its line."""

import io
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from kontaktstelle.privacy import keys, paper, paper_sheets
from support.people import A_MOMENT

copies = st.builds(
    paper.Copy,
    kek=st.binary(min_size=32, max_size=32),
    signing=st.one_of(
        st.binary(max_size=120),
        st.text("abcXYZ019-_", max_size=120).map(str.encode),
    ),
)
A_COPY = paper.Copy(bytes(range(32)), b"a-signing-key-in-base64-of-fifty-bytes_0123456789-abcdefghijklmnopq")


def broken(lines, number, position, sign):
    """Return the lines with one sign of one line changed; positions count signs, not spaces."""
    head, rest = lines[number - 1].split("  ", 1)
    places = [index for index, letter in enumerate(rest) if letter != " "]
    changed = rest[: places[position]] + sign + rest[places[position] + 1 :]
    return [*lines[: number - 1], f"{head}  {changed}", *lines[number:]]


@settings(max_examples=150, deadline=None)
@given(copies)
def test_every_copy_is_read_back_as_it_was_printed(copy):
    assert paper.read(paper.lines(copy)) == copy


@settings(max_examples=60, deadline=None)
@given(copies, st.randoms())
def test_spaces_small_letters_order_and_words_around_do_not_matter(copy, chance):
    typed = [line.lower().replace(" ", "  ", 3).replace("  ", " \t") for line in paper.lines(copy)]
    chance.shuffle(typed)
    assert paper.read(["Papierkopie", "", *typed, "Ende"]) == copy


def test_what_this_installation_makes_fits_seven_lines():
    lines = paper.lines(paper.here())
    assert len(lines) == 7
    assert all(re.fullmatch(r"\d  (?:[A-Z2-9]{5} ){4} [A-Z2-9]{3}", line) for line in lines)
    assert not set("IO01") & set("".join(line[3:] for line in lines))


def test_one_wrong_sign_anywhere_is_named_with_its_place():
    lines = paper.lines(A_COPY)
    chance = random.Random(1)  # noqa: S311 - the same errors every time
    for number in range(1, len(lines) + 1):
        for position in range(23):
            right = lines[number - 1][3:].replace(" ", "")[position]
            wrong = chance.choice([sign for sign in paper.ALPHABET if sign != right])
            with pytest.raises(paper.PaperUnreadable) as told:
                paper.read(broken(lines, number, position, wrong))
            where = (
                f"{position - 19}. Prüfzeichen"
                if position > 19
                else f"{position // 5 + 1}. Gruppe, {position % 5 + 1}. Zeichen"
            )
            assert told.value.sentence == f"Zeile {number}: Tippfehler ({where}): „{wrong}“ statt „{right}“?"


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 7),
    st.lists(st.tuples(st.integers(0, 22), st.sampled_from(paper.ALPHABET)), min_size=1, max_size=3),
)
def test_up_to_three_wrong_signs_in_a_line_are_never_taken_for_right(number, changes):
    lines = changed = paper.lines(A_COPY)
    for position, sign in changes:
        changed = broken(changed, number, position, sign)
    if changed == lines:
        assert paper.read(changed) == A_COPY
    else:
        with pytest.raises(paper.PaperUnreadable, match=f"Zeile {number}"):
            paper.read(changed)


@pytest.mark.parametrize("number", range(1, 8))
def test_two_neighbours_swapped_are_found(number):
    lines = paper.lines(A_COPY)
    signs = lines[number - 1][3:].replace(" ", "")
    for first in range(len(signs) - 1):
        if signs[first] != signs[first + 1]:
            swapped = broken(broken(lines, number, first, signs[first + 1]), number, first + 1, signs[first])
            with pytest.raises(paper.PaperUnreadable, match=f"Zeile {number}"):
                paper.read(swapped)


def test_a_line_typed_under_another_number_is_found():
    lines = paper.lines(A_COPY)
    with pytest.raises(paper.PaperUnreadable) as told:
        paper.read([f"1{lines[1][1:]}", f"2{lines[0][1:]}", *lines[2:]])
    assert "Zeile 1" in told.value.sentence
    assert "Zeile 2" in told.value.sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:2] + lines[3:], "Es fehlt Zeile 3."),
        (lambda lines: [lines[0], *lines[3:4], *lines[5:]], "Es fehlen die Zeilen 2, 3 und 5."),
        (lambda lines: lines[:-1], "Es fehlen die letzten Zeilen der Papierkopie."),
        (lambda lines: lines[:1], "Es fehlen die letzten Zeilen der Papierkopie."),
        (lambda _: [], "Das ist keine vollständige Papierkopie."),
        (lambda lines: [lines[0][:-1], *lines[1:]], "Zeile 1: Hier fehlen Zeichen (22 statt 23)."),
        (lambda lines: [lines[0] + "A", *lines[1:]], "Zeile 1: Hier stehen zu viele Zeichen (24 statt 23)."),
        (
            lambda lines: [broken(lines, 1, 7, "0")[0], *lines[1:]],
            "Zeile 1: Das Zeichen „0“ (2. Gruppe, 3. Zeichen) kommt auf der Papierkopie nicht vor.",
        ),
    ],
)
def test_what_is_missing_or_never_printed_is_said(change, said):
    with pytest.raises(paper.PaperUnreadable) as told:
        paper.read(change(paper.lines(A_COPY)))
    assert told.value.sentence == said


def test_every_wrong_line_is_named_at_once():
    lines = broken(broken(paper.lines(A_COPY), 2, 0, "1"), 5, 3, "O")
    with pytest.raises(paper.PaperUnreadable) as told:
        paper.read(lines)
    assert "Zeile 2" in told.value.sentence
    assert "Zeile 5" in told.value.sentence


def test_lines_of_two_papers_do_not_pass_for_one():
    one, other = paper.lines(A_COPY), paper.lines(paper.Copy(bytes(32), A_COPY.signing))
    with pytest.raises(paper.PaperUnreadable, match="verschiedenen Papierkopien"):
        paper.read([*one[:2], *other[2:]])
    assert other[5] == one[5], "the signing key alone would not tell them apart"


def test_the_sheets_say_what_they_are_and_hold_every_line_for_both_keepers():
    pages = [
        page.extract_text()
        for page in PdfReader(
            io.BytesIO(paper_sheets.as_pdf(A_COPY, office="Kontaktstelle Hier, Beispiel", at=A_MOMENT))
        ).pages
    ]
    assert len(pages) == 2
    for page, keeper in zip(pages, ("Leitung", "IT"), strict=True):
        assert f"Papierkopie der Schlüssel – {keeper}" in page
        assert A_COPY.name in page
        assert "Kontaktstelle Hier, Beispiel" in page
        assert "kontaktstelle keys restore" in page
        assert paper.read(page.splitlines()) == A_COPY


@pytest.mark.usefixtures("own_keys")
class TestPutInPlace:
    def test_keys_come_back_from_paper_and_may_come_back_twice(self):
        copy = paper.here()
        for file in (keys.kek_file(), keys.signing_file()):
            file.unlink()
        keys.forget_cached()

        assert paper.put_in_place(paper.read(paper.lines(copy))) is True
        assert paper.here() == copy
        assert keys.kek_file().stat().st_mode & 0o777 == 0o400
        assert paper.put_in_place(copy) is False

    def test_other_keys_are_never_overwritten(self):
        before = keys.kek_file().read_bytes()
        with pytest.raises(paper.OtherKeys, match="Überschrieben wird nichts"):
            paper.put_in_place(A_COPY)
        assert keys.kek_file().read_bytes() == before

    def test_a_name_tells_keys_apart_and_does_not_hold_them(self):
        assert paper.here().name != A_COPY.name
        assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}", A_COPY.name)
