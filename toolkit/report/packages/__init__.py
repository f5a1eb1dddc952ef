"""A replication package: the study, what it runs on, what is said of it, and its own check.

- `study`, `provenance`, `statements`: what there is, where it came from, what the authors state;
- `lint`: what a referee, or the law, would object to;
- `readme`, `codebook`, `source`: what the package says, and the toolkit's source;
- `write`: the package; `rebuild`: all of it made again elsewhere, and compared.
"""

from toolkit.report.packages.findings import RULES, Finding
from toolkit.report.packages.rebuild import Rebuild, check_replication
from toolkit.report.packages.write import Replication, is_package, package_replication

__all__ = [
    "RULES",
    "Finding",
    "Rebuild",
    "Replication",
    "check_replication",
    "is_package",
    "package_replication",
]
