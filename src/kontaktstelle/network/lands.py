"""The Länder as registers name them: two letters, a German name, or the head of a Kreis key."""

LANDS: dict[str, str] = {
    "BW": "Baden-Württemberg",
    "BY": "Bayern",
    "BE": "Berlin",
    "BB": "Brandenburg",
    "HB": "Bremen",
    "HH": "Hamburg",
    "HE": "Hessen",
    "MV": "Mecklenburg-Vorpommern",
    "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen",
    "RP": "Rheinland-Pfalz",
    "SL": "Saarland",
    "SN": "Sachsen",
    "ST": "Sachsen-Anhalt",
    "SH": "Schleswig-Holstein",
    "TH": "Thüringen",
}
# Official order of the first two digits of a Kreis key (amtlicher Gemeindeschlüssel): 01 Schleswig-Holstein …
_BY_KREIS = dict(enumerate("SH HH NI HB NW HE RP BW BY SL BE BB MV SN ST TH".split(), start=1))
_BY_NAME = {name.casefold(): code for code, name in LANDS.items()}


def land_code(land: str, kreis_key: str = "") -> str:
    """Return the two letters of a Land.

    Args:
        land: two letters or the German name; may be empty.
        kreis_key: five digits; decides when `land` says nothing.

    Returns:
        The code, or "" if neither names a Land: then nothing regional is assumed.
    """
    code = land.strip().upper()
    if code in LANDS:
        return code
    if found := _BY_NAME.get(land.strip().casefold()):
        return found
    head = kreis_key[:2]
    return _BY_KREIS.get(int(head), "") if head.isascii() and head.isdigit() else ""
