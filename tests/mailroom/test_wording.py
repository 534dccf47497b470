"""Neutral by construction: neither topic nor group nor anybody's words get into a mail."""

import email
import re
from datetime import date
from email import policy

import pytest

from kontaktstelle.mailroom import delivery, wording
from kontaktstelle.mailroom.addresses import Sender
from kontaktstelle.mailroom.lifecycle import Kind, Way
from kontaktstelle.mailroom.wording import Content, Piece, WordingWrong
from kontaktstelle.topics import tree
from support.people import make_group

from .conftest import MONDAY, SECRET

OFFICE = Sender(
    1, "Büro Hier, Beispiel", "hier@example.org", "030 23125 100", "Beispielstraße 1", "59423 Unna"
)
KEYS = wording.every_key()


def whole(key, way=Way.MAIL, sender=OFFICE):
    template = wording.wording(key)
    path = f"{template.prefix}{SECRET}/" if template.prefix else None
    kind = min(template.kinds)
    piece = template.say(kind=kind, sender=sender, path=path, until=date(2026, 3, 24))
    return f"{piece.subject}\n\n{wording.whole_text(Content(piece, sender), way=way)}"


def words_of(text):
    return set(re.findall(r"\w+", text.casefold()))


def test_there_are_templates():
    assert "mailroom/mail/bundle" in KEYS
    assert len(KEYS) > 6


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("way", Way)
def test_no_topic_stands_in_any_template(key, way):
    said = whole(key, way)
    spoken = words_of(said)
    assert len(tree.TOPICS) > 300
    for topic in tree.TOPICS.values():
        for name in (tree.label(topic.id), topic.id.replace("-", " ")):
            assert name.casefold() not in said.casefold() or not words_of(name) <= spoken, (key, name)
    assert "Grüße" in said


def test_a_topic_in_a_template_would_be_found(monkeypatch):
    monkeypatch.setattr(
        wording,
        "wording",
        lambda _key: wording._read("x/mail/x", "Betreff: x\nArt: Frist\n\nwegen Ihrer Frage zu Tinnitus"),
    )
    with pytest.raises(AssertionError):
        test_no_topic_stands_in_any_template("x/mail/x", Way.MAIL)


@pytest.mark.parametrize("key", KEYS)
def test_the_sentences_are_kind_plain_and_say_whom_to_ask(key):
    said = whole(key)
    assert "!" not in said
    assert "erfolgreich" not in said
    assert not re.search(r"\b(?:du|dein|dir|euch)\b", said, re.IGNORECASE)
    assert "030 23125 100" in said
    assert "Büro Hier, Beispiel" in said
    assert "$" not in said
    assert len(wording.wording(key).subject) < 50
    assert all(len(line) <= 76 or "http" in line for line in said.splitlines())


@pytest.mark.parametrize("key", KEYS)
def test_a_letter_says_the_same_and_ends_as_letters_do(key):
    assert "Mit freundlichen Grüßen\n\nBüro Hier, Beispiel" in whole(key, Way.LETTER)


@pytest.mark.django_db
def test_a_group_and_its_topic_that_could_be_told_are_not(office, put, mail_folder):
    group = make_group(office, name="Gruppe Kanarienangst, Beispiel", topics=("tinnitus",))
    number = put("mailroom/mail/message_waiting", path=f"/post/{SECRET}/", about=group.pk)
    delivery.work_once(MONDAY)
    content = email.message_from_bytes(
        (mail_folder / f"{number.hex}.eml").read_bytes(), policy=policy.default
    )
    read = "\n".join([*map(str, content.values()), content.get_content()])

    assert SECRET in read
    for canary in (group.name, "Kanarienangst", group.slug, "innitus", str(group.pk), "karla"):
        assert canary not in read


@pytest.mark.parametrize(
    "path",
    [
        "/gruppe/tinnitus-unna/", "/post/", "/post/tinnitus/", "/post/angststoerungen-und-panik/x/", "https://evil.example/post/" + SECRET, "//evil.example/" + SECRET, f"/antwort/{SECRET}/", f"/post/{SECRET}/../x",
        f"/post/{SECRET}?thema=tinnitus", f"/post/{SECRET}\r\nBcc: x", f"/post/{SECRET} x", f"post/{SECRET}", "/post/" + "ä" * 30, "/post/" + "x" * 121, None, "",
    ],
)  # fmt: skip
def test_a_link_is_an_address_of_this_site_that_ends_in_a_secret_or_nothing(path):
    with pytest.raises(WordingWrong) as wrong:
        wording.wording("mailroom/mail/message_waiting").say(kind=Kind.SINGLE, sender=OFFICE, path=path)
    assert "innitus" not in str(wrong.value)


def test_a_link_leads_to_the_public_address_or_to_this_machine(settings):
    def said():
        return wording.wording("mailroom/mail/message_waiting").say(
            kind=Kind.SINGLE, sender=OFFICE, path=f"/post/{SECRET}/"
        )

    assert f"http://localhost:{settings.LOCAL_PORT}/post/{SECRET}/" in said().paragraphs
    settings.PUBLIC_ADDRESS = "https://selbsthilfe.example.org"
    assert f"https://selbsthilfe.example.org/post/{SECRET}/" in said().paragraphs


def test_post_to_groups_goes_as_a_deadline_or_gathered_and_only_so():
    with pytest.raises(WordingWrong):
        wording.wording("mailroom/mail/answer_wanted").say(
            kind=Kind.SINGLE, sender=OFFICE, path=f"/antwort/{SECRET}", until=date(2026, 3, 24)
        )
    with pytest.raises(WordingWrong):
        wording.wording("mailroom/mail/news_on_the_site").say(
            kind=Kind.DEADLINE, sender=OFFICE, path=f"/post/{SECRET}"
        )


def test_a_forgotten_date_is_noticed():
    with pytest.raises(WordingWrong):
        wording.wording("mailroom/mail/answer_wanted").say(
            kind=Kind.DEADLINE, sender=OFFICE, path=f"/antwort/{SECRET}"
        )


@pytest.mark.parametrize(
    "text",
    [
        "", "Betreff: x\n\nText", "Betreff: x\nArt: Frist\n\n", "Betreff: x\nArt: Eilpost\n\nText", "Betreff: $name\nArt: Frist\n\nText", "Betreff: x\nArt: Frist\n\nText $thema", "Betreff: x\nArt: Frist\n\n$link",
        "Betreff: x\nArt: Frist\nLink: /post/\n\nText", "Betreff: x\nArt: Frist\nLink: https://x.example/\n\n$link", "Betreff: $link\nArt: Frist\nLink: /post/\n\n$link", "Betreff: x\nArt: Frist\nBcc: x\n\nText",
        "Betreff: x\nArt: Frist\n\n5 $ kostet", "Betreff: " + "x" * 79 + "\nArt: Frist\n\nText",
    ],
)  # fmt: skip
def test_a_template_that_is_written_wrongly_is_not_read(text):
    with pytest.raises(WordingWrong):
        wording._read("x/mail/x", text)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "mailroom/mail/nothing",
        "nirgends/mail/x",
        "mailroom/../x",
        "/etc/passwd",
        "mailroom/mail/../../settings",
        "mailroom/mail/Bundle",
    ],
)
def test_a_template_that_is_not_there(key):
    with pytest.raises(WordingWrong):
        wording.wording(key)


def test_an_office_named_like_a_placeholder_stays_a_name():
    odd = Sender(1, "Büro $link ${frist} %s {0}", "hier@example.org", "030")
    assert "Büro $link ${frist} %s {0}" in wording.whole_text(
        Content(wording.wording("mailroom/mail/access_changed").say(kind=Kind.SINGLE, sender=odd), odd),
        way=Way.MAIL,
    ).replace("\n", " ")


def test_content_comes_back_as_it_was_sealed():
    content = Content(Piece("Betreff", ("eins", "zwei „drei“")), OFFICE)
    assert Content.from_json(content.as_json()) == content
