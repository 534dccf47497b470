"""Why a file as a whole is not read, or an import not taken back."""

from kontaktstelle.refusal import StepRefused


class FileUnreadable(StepRefused):
    """The file is not a list we can read: kind, size, damage, or no column of names."""

    sentence = "Diese Datei können wir nicht lesen."


class MappingUnusable(StepRefused):
    """The mapping of columns and topics is damaged or names what does not exist."""

    sentence = "Die Zuordnung können wir nicht lesen."


class BasisIncomplete(StepRefused):
    """A basis of publication was given without its date or without who confirms it."""

    sentence = "Zur Grundlage der Veröffentlichung gehören ein Datum und wer sie bestätigt."


class UnknownRun(StepRefused):
    """There is no such import at this office."""

    sentence = "Diesen Import gibt es nicht."


class RunTakenBack(StepRefused):
    """The import was taken back already."""

    sentence = "Dieser Import ist schon zurückgenommen."


class ChangedSince(StepRefused):
    """Something the import wrote was changed afterwards; taking it back would lose that work."""

    sentence = "Seit dem Import wurde etwas geändert; er lässt sich nicht mehr zurücknehmen."
