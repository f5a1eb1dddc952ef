"""Provenance as a research object: what was run on what, and what came of it.

One crate lies in the folder of each report and one in the folder of the batch. Both say the same
as the manifests, in the words that other tools read.

References
----------
RO-Crate Metadata Specification 1.1, https://w3id.org/ro/crate/1.1;
Process Run Crate 0.5, https://w3id.org/ro/wfrun/process/0.5.
"""

from toolkit.report.crate.entities import CRATE
from toolkit.report.crate.write import write_batch_crate, write_crate

__all__ = ["CRATE", "write_batch_crate", "write_crate"]
