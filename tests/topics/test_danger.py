"""Who is in danger must see help lines first; who is not must not be frightened."""

import time
from pathlib import Path

import pytest

from kontaktstelle.topics import bank, folding
from kontaktstelle.topics.danger import Alarm, measure, recognise
from kontaktstelle.topics.danger.concepts import Concepts, PatternWrongError
from kontaktstelle.topics.danger.rules import KINDS
from kontaktstelle.topics.tree import DATA


def alarm(text: str) -> Alarm:
    return recognise(folding.words(text), text)


WANTS_TO_DIE = {
    "de": "ich will nicht mehr leben",
    "en": "i want to kill myself",
    "tr": "kendimi öldürmek istiyorum",
    "pl": "chcę się zabić",
    "uk": "хочу накласти на себе руки",
    "ru": "хочу покончить с собой",
    "ar": "أريد أن أقتل نفسي",
}
OTHER_WANTS_TO_DIE = {
    "de": "meine tochter droht sich umzubringen",
    "en": "my son says he is going to kill himself",
    "tr": "oğlum kendini öldürmek istiyor",
    "pl": "córka grozi samobójstwem",
    "uk": "чоловік погрожує повіситися",
    "ru": "сын хочет покончить с собой",
    "ar": "ابنتي تهدد بالانتحار",
}
IS_BEATEN = {
    "de": "mein mann schlägt mich",
    "en": "my husband beats me",
    "tr": "kocam beni dövüyor",
    "pl": "mąż mnie bije",
    "uk": "чоловік мене б'є",
    "ru": "муж меня бьёт",
    "ar": "زوجي ضربني",
}
CHILD_IN_DANGER = {
    "de": "mein freund hat das baby geschüttelt",
    "en": "my stepdad touches me at night",
    "tr": "kocam çocuğumu dövüyor",
    "pl": "mąż bije dziecko",
    "uk": "чоловік б'є дитину",
    "ru": "пропал ребёнок",
    "ar": "زوجي يضرب الأولاد",
}
EMERGENCY = {
    "de": "mein vater ist bewusstlos und atmet nicht",
    "en": "he is not breathing",
    "tr": "annem nefes almıyor",
    "pl": "mama nie oddycha",
    "uk": "мама не дихає",
    "ru": "мама не дышит",
    "ar": "أمي لا تتنفس",
}
WITHDRAWAL = {
    "de": "habe tavor abgesetzt und hatte einen krampfanfall",
    "en": "stopped drinking two days ago and now i'm seeing things",
    "tr": "alkolü bıraktım, böcekler görüyorum, titriyorum",
    "pl": "odstawiłem alkohol i widzę robaki, trzęsę się",
    "uk": "кинув пити і бачу павуків, трясе",
    "ru": "перестал пить и вижу чертей",
    "ar": "توقفت عن الشرب وأرى أشياء غير موجودة وأرتجف",
}
GRIEVES = {
    "de": "mein bruder hat sich das leben genommen, ich suche eine gruppe",
    "en": "my brother killed himself last year",
    "tr": "kardeşim iki yıl önce intihar etti",
    "pl": "brat popełnił samobójstwo rok temu",
    "uk": "брат повісився рік тому",
    "ru": "брат повесился год назад, не могу пережить",
    "ar": "انتحر أخي العام الماضي",
}
LONG_AGO = {
    "de": "mein ex hat mich jahrelang geschlagen, das ist zehn jahre her",
    "en": "my ex used to hit me, we separated long ago",
    "tr": "eski kocam beni döverdi, beş yıl önce boşandık",
    "pl": "były mąż mnie bił, rozwiodłam się lata temu",
    "uk": "колишній чоловік бив мене, ми давно розлучилися",
    "ru": "бывший муж меня бил, давно развелись",
    "ar": "كان أبي يضربني في طفولتي",
}
NEEDS_TREATMENT = {
    "de": "finde keinen therapeuten",
    "en": "can't find a therapist",
    "tr": "psikolog bulamıyorum",
    "pl": "szukam psychologa mówiącego po polsku",
    "uk": "шукаю психолога українською",
    "ru": "не могу найти психотерапевта",
    "ar": "أبحث عن طبيب نفسي",
}


@pytest.mark.parametrize("language", WANTS_TO_DIE)
def test_somebody_who_wants_to_die_sees_help_lines_in_any_language(language: str) -> None:
    assert alarm(WANTS_TO_DIE[language]).kind == "suicide"


@pytest.mark.parametrize("language", OTHER_WANTS_TO_DIE)
def test_somebody_who_fears_for_another_persons_life_sees_help_lines(language: str) -> None:
    assert alarm(OTHER_WANTS_TO_DIE[language]).kind in {"other-suicide", "suicide"}


@pytest.mark.parametrize("language", IS_BEATEN)
def test_somebody_who_is_beaten_sees_help_lines(language: str) -> None:
    assert alarm(IS_BEATEN[language]).kind == "violence"


@pytest.mark.parametrize("language", CHILD_IN_DANGER)
def test_a_child_in_danger_is_not_overlooked(language: str) -> None:
    assert alarm(CHILD_IN_DANGER[language]).kind in {"child", "violence"}


@pytest.mark.parametrize("language", EMERGENCY)
def test_somebody_beside_a_person_who_does_not_breathe_sees_the_emergency_number(language: str) -> None:
    assert alarm(EMERGENCY[language]).kind == "medical"


@pytest.mark.parametrize("language", WITHDRAWAL)
def test_withdrawal_that_may_kill_is_an_emergency(language: str) -> None:
    assert alarm(WITHDRAWAL[language]).kind in {"withdrawal", "medical"}


@pytest.mark.parametrize("language", GRIEVES)
def test_who_grieves_for_a_suicide_is_not_taken_for_suicidal(language: str) -> None:
    assert not alarm(GRIEVES[language]).kind


@pytest.mark.parametrize("language", LONG_AGO)
def test_violence_of_long_ago_does_not_call_the_police_to_the_page(language: str) -> None:
    assert not alarm(LONG_AGO[language]).kind


@pytest.mark.parametrize("language", NEEDS_TREATMENT)
def test_who_looks_for_treatment_hears_where_it_is(language: str) -> None:
    found = alarm(NEEDS_TREATMENT[language])
    assert found.need
    assert not found.kind


@pytest.mark.parametrize(
    "text",
    [
        "ich lach mich tot",
        "ich sterbe vor langeweile",
        "mein chef bringt mich um wenn ich wieder zu spät komme",
        "der stress bringt mich um",
        "die kinder bringen mich um den verstand",
        "bin todmüde nach der schicht",
        "handy akku tot",
        "mein computer hat sich aufgehängt",
        "zum sterben langweilig hier im dorf",
        "ich mache schluss mit dem rauchen",
        "i'm dead tired",
        "umieram ze śmiechu",
        "gülmekten öldüm",
        "умираю со смеху",
        "сміялася до смерті",
        "أموت من الضحك",
    ],
)
def test_a_figure_of_speech_is_not_a_cry_for_help(text: str) -> None:
    assert not alarm(text).kind


@pytest.mark.parametrize(
    "text",
    [
        "ich will mich nicht umbringen, keine sorge, ich will nur mal mit jemandem reden",
        "keine suizidgedanken, aber depressiv seit jahren",
        "er schlägt mich nicht, aber er redet mich klein",
        "i'm not suicidal, just lonely",
        "intihar düşünmüyorum, sadece konuşmak istiyorum",
        "я не собираюсь умирать, просто грустно",
    ],
)
def test_who_says_that_nothing_is_acute_is_believed(text: str) -> None:
    assert not alarm(text).kind


@pytest.mark.parametrize(
    "text",
    [
        "vor zwölf jahren habe ich einen suizidversuch gemacht, heute geht es mir gut",
        "hatte früher oft suizidgedanken, seit der therapie nicht mehr",
        "früher habe ich mich geritzt, die narben sind alt",
        "i survived a suicide attempt ten years ago and i'm doing well",
    ],
)
def test_who_got_over_it_gets_a_quiet_line_at_most(text: str) -> None:
    assert not alarm(text).kind


@pytest.mark.parametrize(
    "text",
    [
        "referat häusliche gewalt",
        "buch über trauer nach suizid",
        "Fortbildung Suizidalität für Ehrenamtliche",
        "Als Hausarzt möchte ich Flyer für Hinterbliebene nach Suizid auslegen",
        "suicide prevention essay",
        "реферат на тему суицид",
    ],
)
def test_homework_and_professionals_are_not_alarmed(text: str) -> None:
    assert not alarm(text).kind


@pytest.mark.parametrize(
    "text",
    [
        "ich wil nich mer leben",
        "wil mich umbringn",
        "mein man schlegt mich ich brauch hilfe schnel",
        "schlagan fall mein man redet komisch",
        "ich moechte nicht mehr leben",
        "i wana kil my self",
        "canima kiymak istiyorum dayanamiyorum",
        "ne hochu zhit",
    ],
)
def test_who_types_fast_and_wrongly_is_understood(text: str) -> None:
    assert alarm(text).kind


def test_who_wants_to_kill_themselves_is_not_sent_to_the_police_first() -> None:
    assert alarm("Ich kann nicht mehr und will mich umbringen.").kind == "suicide"
    assert alarm("er hat gesagt er will mich umbringen").kind == "violence"


def test_what_happened_long_ago_and_happens_again_now_is_danger() -> None:
    assert alarm("vor zehn jahren schlaganfall und jetzt wieder, mund hängt schief").kind == "medical"


def test_exhausted_carers_are_not_sent_to_an_emergency_number() -> None:
    assert not alarm("ich kann nicht mehr, mein mann hat alzheimer und läuft nachts herum").kind
    assert not alarm("bin am ende meiner kraft, pflege meinen mann seit sechs jahren").kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a" * 10_000,
        "\x00\x01\x1b" * 4_000,
        "umbringen " * 1_500,
        "ich nicht mehr leben mich um " * 400,
        "🔪" * 500,
    ],
)
def test_hostile_input_neither_breaks_nor_delays_anything(text: str) -> None:
    alarm("warm")
    start = time.perf_counter()
    alarm(text)
    assert time.perf_counter() - start < 0.5


def test_an_ordinary_search_costs_next_to_nothing() -> None:
    text = "suche gruppe für angehörige demenz"
    words = folding.words(text)
    recognise(words, text)
    best = min(_seconds(words, text) for _ in range(20))
    assert best < 0.0005  # 60 millionths of a second on a quiet machine


def _seconds(words: list[str], text: str) -> float:
    start = time.perf_counter()
    recognise(words, text)
    return time.perf_counter() - start


@pytest.mark.parametrize(
    ("file", "acute", "calm"), [("learn.tsv", 0.97, 0.99), ("learn_more.tsv", 0.98, 0.99)]
)
def test_what_was_once_understood_stays_understood(file: str, acute: float, calm: float) -> None:
    report = measure(DATA / "danger" / file)
    assert report["acute"]["right"] / report["acute"]["of"] >= acute
    assert report["calm"]["right"] / report["calm"]["of"] >= calm
    assert {name.removeprefix("acute: ") for name in report if name.startswith("acute: ")} >= set(KINDS)


def test_ordinary_phrases_of_the_bank_hardly_ever_alarm() -> None:
    sensitive = {
        "suicidality", "suicide-bereaved", "self-harm", "domestic-violence", "stalking", "sexual-abuse", "sexual-abuse-men",
        "abuse-parents", "violence-perpetrators", "emotional-abuse", "crime-victims",
    }  # fmt: skip
    ordinary = [phrase for phrase in bank.phrases() if sensitive.isdisjoint(phrase.exact[:1])][::5]
    alarmed = [phrase.text for phrase in ordinary if alarm(phrase.text).kind]
    # What sets in suddenly or comes with threats is near danger in some of them.
    assert len(alarmed) <= 0.01 * len(ordinary)


def test_the_report_counts_by_class_form_and_language(tmp_path: Path) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text(
        "suicide\tstatement\tde\tich will sterben\nneed\tfragment\tde\ttherapieplatz gesucht\n",
        encoding="utf-8",
    )
    report = measure(file)
    assert report["acute: suicide"] == {"right": 1, "of": 1}
    assert report["calm: de"] == {"right": 1, "of": 1}
    assert report["need"] == {"right": 1, "of": 1}
    assert report["acute, statement"] == {"right": 1, "of": 1}


@pytest.mark.parametrize("pattern", ["a|", "x*", "~", "~ _"])
def test_a_pattern_that_cannot_be_read_is_refused_when_it_is_loaded(pattern: str) -> None:
    with pytest.raises(PatternWrongError):
        Concepts([("SELF-DEATH", "de", pattern)])


def test_patterns_match_in_order_with_gaps_and_at_the_end() -> None:
    known = Concepts(
        [("GAP", "de", "bring* ~ um"), ("END", "de", "nicht mehr $"), ("ONE", "de", "vor _ jahren")]
    )
    assert known.find(["ich", "bringe", "mich", "heute", "um"]) == {"GAP"}
    assert known.find(["um", "bringe", "mich"]) == set()
    assert known.find(["ich", "will", "nicht", "mehr"]) == {"END"}
    assert known.find(["nicht", "mehr", "rauchen"]) == set()
    assert known.find(["vor", "zehn", "jahren"]) == {"ONE"}
