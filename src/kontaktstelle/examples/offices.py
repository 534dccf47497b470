"""The three invented offices: a county office with three sites, one person beside other work, a big city's office.

The Kreise and towns are real, so that places and distances work; the offices, their carriers, streets and numbers are
not. Sizes after press texts of contact points: 250 groups and three sites, 40 groups and one part-time person, a city.
"""

from dataclasses import dataclass, field

from kontaktstelle.organisation.models import Traeger

# What is asked most: domain notes § 4.4 (NRW 2018, Kreis Unna 2024) and the topics with most listings.
MOST_ASKED = (
    "depression",
    "bipolar",
    "mental-illness-general",
    "anxiety-panic",
    "alcohol",
    "burnout",
    "eating-disorder",
    "ptsd",
    "addiction-general",
    "drugs",
    "gambling",
    "addiction-relatives",
    "addiction-alcohol-relatives",
    "dementia-relatives",
    "caregivers",
    "adhd-adult",
    "adhd-child",
    "autism",
    "autism-parents",
    "grief",
    "widowed",
    "bereaved-parents",
    "suicide-bereaved",
    "singles",
    "loneliness",
    "separation",
    "single-parents",
    "social-phobia",
    "ocd",
    "borderline",
    "psychosis",
    "mental-illness-relatives",
    "long-covid",
    "mecfs",
    "fibromyalgia",
    "chronic-pain",
    "tinnitus",
    "breast-cancer",
    "parkinson",
    "young-selfhelp",
)
# A part-time person's forty: chronic and mental illness, disability, parents of gifted children, loss of a partner.
RURAL = (
    "depression",
    "depression",
    "alcohol",
    "alcohol",
    "alcohol",
    "addiction-relatives",
    "anxiety-panic",
    "mental-illness-general",
    "mental-illness-relatives",
    "burnout",
    "long-covid",
    "long-covid",
    "grief",
    "widowed",
    "gifted-parents",
    "diabetes-general",
    "diabetes-general",
    "cancer-general",
    "cancer-women",
    "prostate-cancer",
    "rheumatism",
    "fibromyalgia",
    "bechterew",
    "osteoporosis",
    "osteoporosis",
    "parkinson",
    "ms",
    "stroke",
    "dementia-relatives",
    "caregivers",
    "copd",
    "sleep-apnea",
    "heart",
    "stoma",
    "hearing-loss",
    "tinnitus",
    "visual-impairment",
    "disability-general",
    "disability-parents",
    "single-parents",
)


@dataclass(frozen=True, slots=True)
class ExampleHours:
    """A span of Sprechzeiten: weekday (0 = Monday), from, to, kind as in `organisation.Hours.Kind`."""

    weekday: int
    opens: str
    closes: str
    kind: str = "open"


@dataclass(frozen=True, slots=True)
class ExampleSite:
    """A site: where it is, how one gets in, when somebody is there; "nach Vereinbarung" holds for all."""

    code: str
    name: str
    postcode: str
    town: str
    phone: str
    access_note: str
    hours: tuple[ExampleHours, ...]


@dataclass(frozen=True, slots=True)
class ExampleTown:
    """A real town groups meet in: its postcodes, its share of the groups, the site that looks after it."""

    name: str
    kreis_key: str
    postcodes: tuple[str, ...]
    share: float
    site: str


@dataclass(frozen=True, slots=True)
class ExampleClosing:
    """A closing from so many days ahead for so many days; of one site, or of the whole office."""

    starts_in: int
    days: int
    note: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class ExampleOffice:
    """An office as its row and its people would tell it."""

    slug: str
    name: str
    short_name: str
    traeger: str
    traeger_kind: Traeger.Kind
    land: str
    phone: str
    accent: str
    about: str
    reads_within: int
    kreis_key: str
    groups: int
    sites: tuple[ExampleSite, ...]
    towns: tuple[ExampleTown, ...]
    closings: tuple[ExampleClosing, ...]
    always: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    languages: tuple[tuple[str, str], ...] = ()
    rare_weight: float = 0.0
    postcodes: tuple[str, ...] = field(default=())

    @property
    def email(self) -> str:
        """Its address for everybody."""
        return f"{self.slug}@example.org"


def _hours(*spans: str) -> tuple[ExampleHours, ...]:
    """Read spans like `0 09:00-12:00` or `1 10:00-12:00 telephone`."""
    read = []
    for span in spans:
        weekday, times, *kind = span.split()
        opens, closes = times.split("-")
        read.append(ExampleHours(int(weekday), opens, closes, kind[0] if kind else "open"))
    return tuple(read)


LINDE = ExampleOffice(
    slug="beispiel-linde",
    name="Selbsthilfebüro Linde (Beispiel)",
    short_name="Selbsthilfebüro Linde",
    traeger="Kreisverwaltung Beispiel (erfunden)",
    traeger_kind=Traeger.Kind.PUBLIC,
    land="NW",
    phone="0221 4710 101",
    accent="#1F5F5B",
    about=(
        "Wir bringen Menschen zusammen, die Ähnliches erleben. Rufen Sie uns an, schreiben Sie uns oder kommen Sie an einem "
        "unserer drei Standorte vorbei: Wir hören zu und suchen mit Ihnen eine Gruppe, die passt. Das Gespräch ist kostenlos "
        "und bleibt unter uns. Wer selbst eine Gruppe gründen möchte, bekommt Räume, Rat und Begleitung für den Anfang."
    ),
    reads_within=3,
    kreis_key="05978",
    groups=250,
    sites=(
        ExampleSite(
            "unna",
            "Unna",
            "59423",
            "Unna",
            "0221 4710 101",
            "stufenlos, Aufzug, Rollstuhl-WC, Induktionsanlage",
            _hours("0 09:00-12:00", "1 10:00-12:00 telephone", "3 14:00-17:00"),
        ),
        ExampleSite(
            "luenen",
            "Lünen",
            "44532",
            "Lünen",
            "0221 4710 102",
            "stufenlos, Rollstuhl-WC",
            _hours("1 09:00-12:00", "2 14:00-16:00", "4 09:00-11:00 telephone"),
        ),
        ExampleSite(
            "schwerte",
            "Schwerte",
            "58239",
            "Schwerte",
            "0221 4710 103",
            "zwei Stufen am Eingang, Klingel links",
            _hours("2 09:00-12:00", "3 10:00-12:00 telephone"),
        ),
    ),
    towns=(
        ExampleTown("Unna", "05978", ("59423", "59425", "59427"), 24, "unna"),
        ExampleTown("Lünen", "05978", ("44532", "44534", "44536"), 23, "luenen"),
        ExampleTown("Schwerte", "05978", ("58239",), 14, "schwerte"),
        ExampleTown("Kamen", "05978", ("59174",), 10, "unna"),
        ExampleTown("Bergkamen", "05978", ("59192",), 9, "luenen"),
        ExampleTown("Werne", "05978", ("59368",), 6, "luenen"),
        ExampleTown("Selm", "05978", ("59379",), 4, "luenen"),
        ExampleTown("Holzwickede", "05978", ("59439",), 4, "unna"),
        ExampleTown("Fröndenberg", "05978", ("58730",), 3, "unna"),
        ExampleTown("Bönen", "05978", ("59199",), 3, "unna"),
    ),
    closings=(
        ExampleClosing(16, 1, "Wir sind auf einer Fortbildung."),
        ExampleClosing(30, 4, "Die Räume werden gestrichen. Unna und Schwerte sind für Sie da.", "luenen"),
    ),
    always=(
        "domestic-violence",
        "stalking",
        "sexual-abuse",
        "turkish-speaking",
        "ukrainian",
        "young-mental",
        "deaf",
        "intellectual-disability",
    ),
    languages=(("depression", "tr"), ("caregivers", "tr"), ("alcohol", "ru"), ("anxiety-panic", "ar")),
    rare_weight=0.2,
)
APFELBAUM = ExampleOffice(
    slug="beispiel-apfelbaum",
    name="Kontaktstelle Apfelbaum (Beispiel)",
    short_name="Kontaktstelle Apfelbaum",
    traeger="Landratsamt Beispiel (erfunden)",
    traeger_kind=Traeger.Kind.PUBLIC,
    land="TH",
    phone="0221 4710 201",
    accent="#7A3E1D",
    about=(
        "Die Kontaktstelle ist eine halbe Stelle im Landratsamt. Am Telefon oder nach Verabredung im Büro helfen wir Ihnen, "
        "eine Selbsthilfegruppe in der Nähe zu finden oder selbst eine zu gründen. Wenn gerade niemand abnimmt, sprechen Sie "
        "bitte auf den Anrufbeantworter: Wir rufen zurück."
    ),
    reads_within=5,
    kreis_key="16077",
    groups=40,
    sites=(
        ExampleSite(
            "altenburg",
            "Altenburg",
            "04600",
            "Altenburg",
            "0221 4710 201",
            "stufenlos, Aufzug",
            _hours("1 09:00-12:00", "1 13:00-17:00", "3 10:00-12:00 telephone"),
        ),
    ),
    towns=(
        ExampleTown("Altenburg", "16077", ("04600",), 56, "altenburg"),
        ExampleTown("Schmölln", "16077", ("04626",), 20, "altenburg"),
        ExampleTown("Meuselwitz", "16077", ("04610",), 10, "altenburg"),
        ExampleTown("Gößnitz", "16077", ("04639",), 6, "altenburg"),
        ExampleTown("Lucka", "16077", ("04613",), 4, "altenburg"),
        ExampleTown("Nobitz", "16077", ("04603",), 4, "altenburg"),
    ),
    closings=(ExampleClosing(9, 12, "Urlaub. In dieser Zeit hilft Ihnen das Bürgertelefon weiter."),),
    only=RURAL,
)
WASSERTURM = ExampleOffice(
    slug="beispiel-wasserturm",
    name="Selbsthilfe am Wasserturm (Beispiel)",
    short_name="Selbsthilfe am Wasserturm",
    traeger="Selbsthilfe am Wasserturm e. V. (erfunden)",
    traeger_kind=Traeger.Kind.ASSOCIATION,
    land="SN",
    phone="0221 4710 301",
    accent="#274C8E",
    about=(
        "Mehr als vierhundert Gruppen in der Stadt und rundum, von Alltagssorgen bis zu seltenen Krankheiten, viele davon in "
        "unserem Haus. Wir beraten am Telefon, per E-Mail und im Gespräch, auf Wunsch mit Gebärdensprache oder in anderen "
        "Sprachen. Junge Menschen, Fachleute und Gruppen finden bei uns eigene Ansprechpartnerinnen und Ansprechpartner."
    ),
    reads_within=2,
    kreis_key="14713",
    groups=420,
    sites=(
        ExampleSite(
            "mitte",
            "Zentrum",
            "04109",
            "Leipzig",
            "0221 4710 301",
            "stufenlos, Aufzug, Rollstuhl-WC, Induktionsanlage",
            _hours(
                "0 10:00-13:00",
                "1 14:00-18:00",
                "2 09:00-11:00 telephone",
                "3 14:00-18:00",
                "4 09:00-11:00 telephone",
            ),
        ),
        ExampleSite("ost", "Ost", "04315", "Leipzig", "0221 4710 302", "stufenlos", _hours("2 14:00-17:00")),
    ),
    towns=(
        ExampleTown(
            "Leipzig",
            "14713",
            (
                "04103",
                "04105",
                "04107",
                "04109",
                "04129",
                "04155",
                "04157",
                "04159",
                "04177",
                "04179",
                "04205",
                "04207",
                "04209",
                "04229",
                "04249",
                "04275",
                "04277",
                "04279",
                "04289",
                "04299",
                "04315",
                "04317",
                "04318",
                "04347",
                "04349",
                "04357",
            ),
            93,
            "mitte",
        ),
        ExampleTown("Markkleeberg", "14729", ("04416",), 4, "mitte"),
        ExampleTown("Markranstädt", "14729", ("04420",), 2, "mitte"),
        ExampleTown("Borsdorf", "14729", ("04451",), 1, "ost"),
    ),
    closings=(
        ExampleClosing(12, 1, "Betriebsversammlung. Am Standort Ost ist jemand da.", "mitte"),
        ExampleClosing(45, 2, "Wir planen das nächste Jahr."),
    ),
    always=(
        "domestic-violence",
        "stalking",
        "sexual-abuse",
        "sexual-abuse-men",
        "cults",
        "turkish-speaking",
        "russian-speaking",
        "ukrainian",
        "arabic-speaking",
        "english-speaking",
        "polish-speaking",
        "refugees",
        "young-mental",
        "students",
        "deaf",
        "intellectual-disability",
    ),
    languages=(
        ("depression", "ru"),
        ("depression", "en"),
        ("ptsd", "uk"),
        ("caregivers", "tr"),
        ("disability-parents", "ar"),
        ("alcohol", "pl"),
        ("alcohol", "ru"),
        ("loneliness", "en"),
    ),
    rare_weight=0.45,
    postcodes=("04416", "04420", "04442", "04451", "04463"),
)
OFFICES = (LINDE, APFELBAUM, WASSERTURM)
