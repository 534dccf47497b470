"""The process of a benchmark that runs on another database: `python -m kontaktstelle.cli.benchmarks.child module.function …`."""

import json
import os
import sys
from importlib import import_module

import django


def main() -> None:
    """Set up the installation named by the environment, run the function, print what it returns."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontaktstelle.settings")
    django.setup()
    from django.core.management import call_command

    from kontaktstelle.privacy import keys

    keys.create_missing()
    call_command("migrate", verbosity=0)
    module, function_name = sys.argv[1].split(".")
    function = getattr(import_module(f"kontaktstelle.cli.benchmarks.{module}"), function_name)
    sys.stdout.write(json.dumps(function(*map(int, sys.argv[2:]))) + "\n")


if __name__ == "__main__":
    main()
