"""Fields of a row, one reader each: from a cell's text to the value, with what is to be said about it."""

import re
from collections.abc import Callable

from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Answer, Group

from . import cells, choices
from .fields import heading_of
from .persons import cut
from .wanted import LIMITS, Wanted, fits

MOST_AGE = 120
MOST_COUNT = 32_767
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_URL = re.compile(r"https?://[^\s/$.?#<>\"'][^\s<>\"']*\.[^\s<>\"']{2,}", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})*\.[A-Za-z]{2,24}")
_YEAR = re.compile(r"(?:seit |ca\. ?|etwa )?(\d{4})(?:[.,]0+)?")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[./](\d{4})|([A-Za-zäÄ]+)\.? (\d{4})")
_AGES = re.compile(
    r"(?:ab |von )?(\d{1,3})\s*(?:-|–|bis)\s*(\d{1,3})(?: Jahren?)?|(?:ab|über) (\d{1,3})(?: Jahren?)?|(\d{1,3})\s?\+|bis (\d{1,3})(?: Jahren?)?",
    re.IGNORECASE,
)


def _text(wanted: Wanted, name: str, text: str) -> None:
    if fits(wanted, name, text):
        wanted.values[name] = cells.on_one_line(text)


def prose(wanted: Wanted, name: str, text: str) -> None:
    """Take a text over without the persons in it."""
    found = cut(text, names=name == "description")
    if found.taken:
        wanted.raw[name], wanted.cuts[name] = text, found.taken
        wanted.hints.append(
            f"{heading_of(name)}: Name, Telefonnummer oder Mailadresse herausgenommen und versiegelt bei den Ansprechpersonen abgelegt."
        )
    if fits(wanted, name, found.text):
        wanted.values[name] = found.text


def _name(wanted: Wanted, name: str, text: str) -> None:
    if not text:
        wanted.refusals.append("Der Name der Gruppe fehlt.")
        return
    if cells.is_mangled_day(text):
        wanted.hints.append(
            f"Name „{text}“: Die Tabellenkalkulation hat hier vermutlich aus einem Text ein Datum gemacht."
        )
    prose(wanted, name, cells.on_one_line(text))
    if not wanted.values.get(name) and not wanted.refusals:
        wanted.refusals.append("Im Namen der Gruppe steht nur eine Person oder Nummer.")


def _postcode(wanted: Wanted, name: str, text: str) -> None:
    if not text:
        wanted.values[name] = ""
        return
    code, _sep, rest = text.partition(" ")
    found = cells.postcode(code if rest and not code.startswith("D") else text)
    if found is None:
        wanted.refusals.append(f"PLZ: „{text[:20]}“ ist keine Postleitzahl.")
        return
    wanted.values[name] = found[0]
    if found[1]:
        wanted.hints.append(
            f"PLZ {text} → {found[0]}: Die Tabellenkalkulation hatte die Null am Anfang verloren."
        )


def _date(wanted: Wanted, name: str, text: str) -> None:
    found = cells.day(text) if text else None
    if text and found is None:
        wanted.refusals.append(
            f"{heading_of(name)}: „{text[:30]}“ ist kein Datum, das es gibt (Tag.Monat.Jahr)."
        )
        return
    wanted.values[name] = found


def _dates(wanted: Wanted, name: str, text: str) -> None:
    found = []
    for part in re.split(r"[;,\n]", text):
        if part.strip():
            day = cells.day(part.strip())
            if day is None:
                wanted.refusals.append(
                    f"{heading_of(name)}: „{part.strip()[:30]}“ ist kein Datum, das es gibt (Tag.Monat.Jahr)."
                )
                return
            found.append(day.isoformat())
    wanted.values[name] = found


def _flag(wanted: Wanted, name: str, text: str) -> None:
    answer = cells.yes_or_no(text) if text else False
    if answer is None:
        wanted.hints.append(
            f"{heading_of(name)}: „{text[:40]}“ verstehen wir weder als ja noch als nein; nicht übernommen."
        )
    else:
        wanted.values[name] = answer


def _answer(wanted: Wanted, name: str, text: str) -> None:
    answer = cells.yes_or_no(text) if text else None
    if text and answer is None and text.lower() != Answer.UNKNOWN.label:
        wanted.hints.append(
            f"{heading_of(name)}: „{text[:40]}“ verstehen wir weder als ja noch als nein; nicht übernommen."
        )
        return
    wanted.values[name] = Answer.UNKNOWN if answer is None else Answer.YES if answer else Answer.NO


def _number(wanted: Wanted, name: str, text: str) -> None:
    found = cells.whole_number(text) if text else None
    most = MOST_AGE if name.startswith("age") else MOST_COUNT
    if text and (found is None or found > most):
        wanted.hints.append(f"{heading_of(name)}: „{text[:30]}“ ist keine Anzahl; nicht übernommen.")
    else:
        wanted.values[name] = found


def _ages(wanted: Wanted, _: str, text: str) -> None:
    match = _AGES.fullmatch(text)
    if match:
        low, high = match[1] or match[3] or match[4], match[2] or match[5]
        wanted.values["age_from"], wanted.values["age_to"] = (
            int(low) if low else None,
            int(high) if high else None,
        )
    elif text:
        wanted.hints.append(f"Alter: „{text[:30]}“ verstehen wir nicht; nicht übernommen.")


def _founded(wanted: Wanted, name: str, text: str) -> None:
    if not text:
        wanted.values[name] = ""
    elif match := _YEAR.fullmatch(text):
        wanted.values[name] = match[1]
    elif full := cells.day(text):
        wanted.values[name] = f"{full:%Y-%m}"
    elif (match := _MONTH.fullmatch(text)) and (
        month := int(match[2] or match[3] or cells.MONTHS.get((match[5] or "").lower(), 0))
    ) in range(1, 13):
        wanted.values[name] = f"{match[1] or match[4] or match[6]}-{month:02d}"
    else:
        wanted.hints.append(f"Gegründet: „{text[:30]}“ ist weder Jahr noch Monat; nicht übernommen.")


def _stage(wanted: Wanted, name: str, text: str) -> None:
    if not text:
        return
    stage = choices.read_stage(text)
    if stage is None:
        wanted.refusals.append(
            f"Den Status „{text[:40]}“ kennen wir nicht. Möglich sind: {', '.join(each.label for each in Stage)}."
        )
        return
    wanted.values[name] = stage
    if (
        stage == Stage.INTAKE_STOP
        and (match := re.search(r"\d{1,2}\.\d{1,2}\.\d{2,4}", text))
        and (until := cells.day(match[0]))
    ):
        wanted.values["intake_stop_until"] = until


def _public_phone(wanted: Wanted, name: str, text: str) -> None:
    number, said = cells.phone(cells.on_one_line(text))
    if said:
        wanted.hints.append(f"{heading_of(name)}: {said}")
    if fits(wanted, name, number):
        wanted.values[name] = number


def _public_email(wanted: Wanted, name: str, text: str) -> None:
    address = text.removeprefix("mailto:").strip()
    if address and not _MAIL.fullmatch(address):
        wanted.hints.append(f"{heading_of(name)}: Das ist keine Mailadresse; nicht übernommen.")
    else:
        wanted.values[name] = address


def _website(wanted: Wanted, name: str, text: str) -> None:
    address = text if not text or "://" in text else f"https://{text}"
    if address and not _URL.fullmatch(address):
        wanted.hints.append(f"{heading_of(name)}: „{text[:40]}“ ist keine Internetadresse; nicht übernommen.")
    elif fits(wanted, name, address):
        wanted.values[name] = address


def _degree(wanted: Wanted, name: str, text: str) -> None:
    try:
        degree = float(text.replace(",", ".")) if text else None
    except ValueError:
        degree = 999.0
    if degree is not None and not (46 < degree < 56 if name == "lat" else 5 < degree < 16):  # noqa: PLR2004 - Germany lies there
        wanted.hints.append(
            f"{heading_of(name)}: „{text[:20]}“ liegt nicht in Deutschland; wir nehmen den Ort."
        )
    elif degree is not None:
        wanted.values[name] = degree


def _kreis_key(wanted: Wanted, name: str, text: str) -> None:
    if re.fullmatch(r"\d{4,5}(?:[.,]0+)?", text):
        wanted.values[name] = re.split(r"[.,]", text)[0].zfill(5)
    elif text:
        wanted.hints.append(f"{heading_of(name)}: „{text[:20]}“ ist kein Kreisschlüssel; wir nehmen den Ort.")


def _key(wanted: Wanted, name: str, text: str) -> None:
    if fits(wanted, name, text):
        wanted.key = re.sub(r"[.,]0+$", "", text) if re.fullmatch(r"\d+[.,]0+", text) else text


def _note(wanted: Wanted, name: str, text: str) -> None:
    if fits(wanted, name, text):
        wanted.note = text


def _slug(wanted: Wanted, _: str, text: str) -> None:
    if text and SLUG.fullmatch(text) and len(text) <= LIMITS["slug"]:
        wanted.slug = text


def _listed(wanted: Wanted, name: str, text: str) -> None:
    if text:
        wanted.listed = cells.yes_or_no(text)
        if wanted.listed is None:
            wanted.hints.append(
                f"{heading_of(name)}: „{text[:40]}“ verstehen wir weder als ja noch als nein; nicht übernommen."
            )


def _consent(wanted: Wanted, name: str, text: str) -> None:
    if not text:
        return
    if day := cells.day(text):
        wanted.basis, wanted.basis_on = Group.Basis.CONSENT_FORM, wanted.basis_on or day
        return
    wanted.basis = choices.read_basis(text)
    if wanted.basis is None:
        wanted.hints.append(f"{heading_of(name)}: „{text[:40]}“ verstehen wir nicht als Einwilligung.")
    elif (match := re.search(r"\d{1,2}\.\d{1,2}\.\d{2,4}", text)) and (day := cells.day(match[0])):
        wanted.basis_on = wanted.basis_on or day


def _consent_on(wanted: Wanted, name: str, text: str) -> None:
    if text:
        day = cells.day(text)
        if day is None:
            wanted.refusals.append(
                f"{heading_of(name)}: „{text[:30]}“ ist kein Datum, das es gibt (Tag.Monat.Jahr)."
            )
        else:
            wanted.basis_on = day


def _consent_by(wanted: Wanted, _: str, text: str) -> None:
    if fits(wanted, "basis_by", text):
        wanted.basis_by = text


def _visibility(wanted: Wanted, name: str, text: str) -> None:
    if text:
        wanted.visibility, unknown = choices.read_visibility(text)
        if unknown:
            wanted.hints.append(
                f"{heading_of(name)}: {', '.join(f'„{word[:40]}“' for word in unknown)} verstehen wir nicht; es bleibt geschlossen."
            )


READERS: dict[str, Callable[[Wanted, str, str], None]] = {
    "key": _key, "name": _name, "description": prose, "town": _text, "postcode": _postcode, "district": _text, "first_on": _date,
    "cancelled_on": _dates, "stage": _stage, "stage_before_pause": _stage, "intake_stop_until": _date, "dissolved_on": _date, "founded": _founded, "is_young": _flag,
    "age": _ages, "age_from": _number, "age_to": _number, "online_note": prose, "step_free": _answer, "sign_language": _flag, "easy_language": _flag,
    "induction_loop": _flag, "takes_referrals_only_via_office": _flag, "public_phone": _public_phone, "public_email": _public_email, "website": _website, "listed": _listed, "consent": _consent,
    "consent_on": _consent_on, "consent_by": _consent_by, "visibility": _visibility, "protected": _flag, "confirmed_on": _date, "members": _number, "attending": _number,
    "association": _text, "is_anonymous_fellowship": _flag, "led_by_professionals": _answer, "source": _text, "kreis_key": _kreis_key, "lat": _degree, "lon": _degree,
    "slug": _slug, "note": _note,
}  # fmt: skip
