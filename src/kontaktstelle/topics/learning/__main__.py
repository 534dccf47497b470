"""Build the model from the bank: `python -m kontaktstelle.topics.learning`."""

import sys
import time

from kontaktstelle.topics import bank

from .training import learn


def main() -> int:
    """Learn from the whole bank and write the model where `model.load` finds it."""
    started = time.monotonic()
    model = learn(bank.phrases(), bank.vocabulary())
    model.save()
    sys.stdout.write(
        f"Wörter gelernt: {len(model.features):,} Merkmale in {time.monotonic() - started:.0f} s\n".replace(
            ",", "."
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
