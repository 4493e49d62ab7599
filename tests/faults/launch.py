"""A process of the product, started as the product starts it, changed by the mutants named after it.

python -m tests.faults.launch worker no_sweep
"""

import sys
from importlib import import_module

from core.settings import Settings

SERVES = {"intake": "intake.asgi", "worker": "triage.worker"}

if __name__ == "__main__":
    face, names = sys.argv[1], sys.argv[2:]
    for name in names:
        getattr(import_module(f"tests.faults.mutants.{face}"), name)()
    import_module(SERVES[face]).serve(Settings.from_environ())
