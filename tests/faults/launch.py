"""A process of the product, started as the product starts it, changed by the mutants named after it.

    python -m tests.faults.launch worker no_sweep
"""

import sys

from core.settings import Settings
from intake import asgi
from tests.faults import mutants
from triage import worker

SERVE = {"intake": asgi.serve, "worker": worker.serve}

if __name__ == "__main__":
    for name in sys.argv[2:]:
        mutants.MUTANTS[name]()
    SERVE[sys.argv[1]](Settings.from_environ())
