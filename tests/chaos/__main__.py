"""`python -m tests.chaos`: the chaos campaign; `make chaos SEEDS=10` runs ten seeds.

Each run puts 5,000 tasks through the real handlers while everything fails that can fail, and then audits what Encord,
the dead letters and the claims say. The last line is for machines; the exit status is 1 if a rule was broken.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from tests.chaos import report
from tests.chaos.campaign import run
from tests.chaos.plan import full, small
from tests.chaos.tally import Tally


def main() -> int:
    """Run the seeds one after the other."""
    options = _options()
    os.environ["NO_PROXY"] = "127.0.0.1"
    total, tasks, broken = Tally(), 0, 0
    for seed in range(options.first, options.first + options.seeds):
        plan = (small if options.small else full)(seed)
        findings = run(plan, keep=options.keep and options.keep / str(seed))
        sys.stdout.write(report.of_run(findings))
        sys.stdout.flush()
        total, tasks, broken = total + findings.tally, tasks + plan.tasks, broken + len(findings.violations)
    sys.stdout.write(report.of_all(total))
    result = {
        "seeds": options.seeds,
        "tasks": tasks,
        "violations": broken,
        "faults": dict(sorted(total.faults.items())),
    }
    sys.stdout.write(f"RESULT {json.dumps(result)}\n")
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seeds", type=int, default=1, help="how many runs")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--small", action="store_true", help="the run of `make test`")
    parser.add_argument("--keep", type=Path, help="a folder for logs and ledgers, which are thrown away otherwise")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
