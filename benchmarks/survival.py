"""Time curves and Cox regressions beside other software, on the same data and in the same run.

    python benchmarks/survival.py                     # all cases, full size
    python benchmarks/survival.py --scale 0.01        # a hundredth of the rows, to try it out
    python benchmarks/survival.py --peers PYTHON      # also lifelines and scikit-survival, run by
                                                      # another interpreter that has them

R's survival is timed where Rscript is found. Each case runs in a process of its own, and prints
the best of several runs, the answer that it came to, and the most memory that it held.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CASES = {
    "curve, 10 million monthly spells": ("curve", 10_000_000, 120),
    "curve, 10 million daily spells": ("curve", 10_000_000, 3650),
    "curve, 10,000 daily spells": ("curve", 10_000, 3650),
    "Cox, 1 million monthly spells": ("cox", 1_000_000, 48),
    "Cox, 10,000 daily spells": ("cox", 10_000, 1460),
}
TOOLS = ("toolkit", "its arrays", "statsmodels", "lifelines", "scikit-survival", "R survival")
COVARIATES = ["x1", "x2", "x3", "x4", "x5"]
EFFECTS = [0.3, -0.2, 0.1, 0.0, 0.5]


def make_data(kind: str, rows: int, longest: int, folder: Path) -> Path:
    """Write simulated spells as Parquet, and as CSV for R."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(20240901)
    x = rng.normal(size=(rows, 5)) if kind == "cox" else np.zeros((rows, 0))
    pace = x @ np.array(EFFECTS) if kind == "cox" else 0.0
    event = np.ceil(rng.exponential(0.6 * longest * np.exp(-pace), rows))
    stop = rng.integers(1, longest + 1, rows)
    duration = np.minimum(event, stop).astype(np.int64)
    table = pd.DataFrame(x, columns=COVARIATES[: x.shape[1]])
    table["duration"] = duration
    table["outcome"] = np.where(event <= stop, "production", "censored")
    path = folder / f"{kind}_{rows}_{longest}.parquet"
    table.to_parquet(path)
    plain = table.assign(status=(table.pop("outcome") == "production").astype(int))
    plain.to_csv(path.with_suffix(".csv"), index=False)
    return path


def middle(time_: Any, survival: Any) -> float:
    """Return the survival at the median, the answer that tools are compared by."""
    return float(time_[int((survival <= 0.5).argmax())])


def time_toolkit(kind: str, table: Any) -> Callable[[], float]:
    """Return a run of this project, from the frame of spells to the result."""
    from toolkit.models.survival import hazard_regression, survival_curve

    if kind == "curve":

        def curve() -> float:
            terms = survival_curve(table, exits="censor").terms
            return middle(terms["age"].to_numpy(), terms["estimate"].to_numpy())

        return curve
    formula = "~ " + " + ".join(COVARIATES)
    return lambda: float(hazard_regression(table, formula, exits="censor").terms["estimate"][0])


def time_arrays(kind: str, table: Any) -> Callable[[], float]:
    """Return a run of this project's array functions, from arrays as the others take them."""
    import numpy as np

    from toolkit.models.curves import aalen_johansen, risk_sets
    from toolkit.models.hazards import cox_fit

    time_, status = table["duration"].to_numpy(), (table["outcome"] == "production").to_numpy()
    if kind == "cox":
        x = table[COVARIATES].to_numpy()
        return lambda: float(cox_fit(time_, status, x).coefficients[0])

    def curve() -> float:
        sets = risk_sets(time_, status.astype(np.int64))
        return middle(sets.time, aalen_johansen(sets).survival)

    return curve


def time_statsmodels(kind: str, table: Any) -> Callable[[], float]:
    """Return a run of statsmodels, from arrays."""
    import statsmodels.api as sm

    time_, status = table["duration"].to_numpy(), (table["outcome"] == "production").to_numpy()
    if kind == "curve":

        def curve() -> float:
            fit = sm.SurvfuncRight(time_, status)
            return middle(fit.surv_times, fit.surv_prob)

        return curve
    x = table[COVARIATES].to_numpy()
    return lambda: float(sm.PHReg(time_, x, status, ties="efron").fit(disp=0).params[0])


def time_lifelines(kind: str, table: Any) -> Callable[[], float]:
    """Return a run of lifelines."""
    from lifelines import CoxPHFitter, KaplanMeierFitter

    status = table["outcome"] == "production"
    if kind == "curve":
        return lambda: float(
            KaplanMeierFitter().fit(table["duration"], status).median_survival_time_
        )
    rows = table[[*COVARIATES, "duration"]].assign(status=status)
    return lambda: float(CoxPHFitter().fit(rows, "duration", "status").params_["x1"])


def time_scikit_survival(kind: str, table: Any) -> Callable[[], float]:
    """Return a run of scikit-survival."""
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.nonparametric import kaplan_meier_estimator
    from sksurv.util import Surv

    time_, status = table["duration"].to_numpy(), (table["outcome"] == "production").to_numpy()
    if kind == "curve":
        return lambda: middle(*kaplan_meier_estimator(status, time_))
    x, y = table[COVARIATES].to_numpy(), Surv.from_arrays(status, time_)
    return lambda: float(CoxPHSurvivalAnalysis(ties="efron").fit(x, y).coef_[0])


R_SCRIPT = """
suppressPackageStartupMessages(library(survival))
args <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(args[1])
run <- function() if (args[2] == "curve") {
  fit <- survfit(Surv(duration, status) ~ 1, rows); fit$time[which(fit$surv <= 0.5)[1]]
} else unname(coef(coxph(Surv(duration, status) ~ x1 + x2 + x3 + x4 + x5, rows))[1])
best <- Inf
for (i in seq_len(as.integer(args[3]))) {
  start <- proc.time()[3]; answer <- run(); best <- min(best, proc.time()[3] - start)
}
cat(sprintf('{"seconds": %.6f, "answer": %.10f, "gib": null}', best, answer))
"""

PEERS = {
    "toolkit": time_toolkit,
    "its arrays": time_arrays,
    "statsmodels": time_statsmodels,
    "lifelines": time_lifelines,
    "scikit-survival": time_scikit_survival,
}


def measure(tool: str, kind: str, path: Path, runs: int) -> dict[str, Any]:
    """Run one tool in this process and return its best time, answer and memory."""
    import pandas as pd

    table = pd.read_parquet(path)
    run = PEERS[tool](kind, table)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, answer = float("inf"), float("nan")
    for _ in range(runs):
        start = time.perf_counter()
        answer = run()
        best = min(best, time.perf_counter() - start)
    unit = 2**30 if sys.platform == "darwin" else 2**20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": best, "answer": answer, "gib": most / unit, "data_gib": before / unit}


def run_tool(tool: str, kind: str, path: Path, *, peers: str | None, runs: int) -> dict[str, Any]:
    """Run one tool in a process of its own; an empty answer where it is not there."""
    if tool == "R survival":
        if shutil.which("Rscript") is None:
            return {}
        arguments = [str(path.with_suffix(".csv")), kind, str(runs)]
        command = ["Rscript", "-e", R_SCRIPT, *arguments]
    else:
        other = tool in ("lifelines", "scikit-survival")
        if other and peers is None:
            return {}
        interpreter = peers if other and peers else sys.executable
        command = [interpreter, __file__, "--one", tool, kind, str(path), str(runs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return {"failed": lines[-1] if lines else f"exit status {done.returncode}"}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    """Run all cases and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows")
    parser.add_argument("--peers", help="interpreter that has lifelines and scikit-survival")
    parser.add_argument("--runs", type=int, default=3, help="runs per tool; the best counts")
    parser.add_argument("--only", default="", help="cases whose name has this text")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        tool, kind, path, runs = options.one
        print(json.dumps(measure(tool, kind, Path(path), int(runs))))
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, (kind, rows, longest) in CASES.items():
            if options.only not in name:
                continue
            path = make_data(kind, max(1000, int(rows * options.scale)), longest, Path(folder))
            print(f"\n{name}")
            own = float("nan")
            for tool in TOOLS:
                found = run_tool(tool, kind, path, peers=options.peers, runs=options.runs)
                if "seconds" not in found:
                    print(f"  {tool:16} {found.get('failed', 'not here')}")
                    continue
                own = found["seconds"] if tool == "toolkit" else own
                times = "" if tool == "toolkit" else f"{found['seconds'] / own:6.1f} times as long"
                memory = "" if found["gib"] is None else f"{found['gib']:5.2f} GiB"
                print(
                    f"  {tool:16} {found['seconds']:9.4f} s  {memory:9}  "
                    f"answer {found['answer']:.8f}  {times}"
                )


if __name__ == "__main__":
    main()
