"""Build what is learnt: `python -m kontaktstelle.topics.learning`."""

import sys
import time

from kontaktstelle.topics import bank

from . import alarms
from .training import learn


def main() -> int:
    """Learn topics from the whole bank and danger from all utterances; write both where they are looked for."""
    started = time.monotonic()
    model = learn(bank.phrases(), bank.vocabulary())
    model.save()
    dangers = alarms.build()
    count = len(model.topics.features) + len(dangers.features)
    sys.stdout.write(
        f"Wörter gelernt: {count:,} Merkmale in {time.monotonic() - started:.0f} s\n".replace(",", ".")
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
