"""Time curves and Cox regressions beside other software, on the same data and in the same run.

    python benchmarks/survival.py                     # all cases, full size
    python benchmarks/survival.py --scale 0.01        # a hundredth of the rows, to try it out
    python benchmarks/survival.py --peers PYTHON      # also lifelines and scikit-survival

Lifelines holds pandas below 3, so that PYTHON is an interpreter of another environment:

    uv venv peers
    uv pip install --python peers/bin/python lifelines scikit-survival pyarrow
    python benchmarks/survival.py --peers peers/bin/python

R's survival is timed where Rscript is found. The data goes to each tool as a file, read before the
clock starts. Each runs in a process of its own, and like is timed beside like:

numbers
    Arrays to the curve, or to the coefficients.
whole
    A frame with outcomes in words to a table with standard errors and limits (statsmodels has no
    limits of a curve; scikit-survival neither counts, nor standard errors of coefficients, so that
    its whole is what it has).

The best of several runs counts; after half a minute no new one is begun.
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
TOOLS = ("toolkit", "statsmodels", "lifelines", "scikit-survival", "R survival")
COVARIATES = ["x1", "x2", "x3", "x4", "x5"]
EFFECTS = [0.3, -0.2, 0.1, 0.0, 0.5]
ENOUGH_SECONDS = 30.0

Runs = tuple[Callable[[], float], Callable[[], float]]
"""Numbers alone, and the whole result."""


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


def arrays_of(table: Any) -> tuple[Any, Any]:
    """Return months, and whether each spell ended in production."""
    return table["duration"].to_numpy(), (table["outcome"] == "production").to_numpy()


def toolkit_curve(table: Any) -> Runs:
    """Return the runs of a curve by this project."""
    from toolkit.models.curves import aalen_johansen, risk_sets
    from toolkit.models.survival import survival_curve

    time_, status = arrays_of(table)
    codes = status.astype("int64")

    def numbers() -> float:
        sets = risk_sets(time_, codes)
        return middle(sets.time, aalen_johansen(sets).survival)

    def whole() -> float:
        terms = survival_curve(table, exits="censor").terms
        return middle(terms["age"].to_numpy(), terms["estimate"].to_numpy())

    return numbers, whole


def toolkit_cox(table: Any) -> Runs:
    """Return the runs of a Cox regression by this project."""
    from toolkit.models.hazards import cox_fit
    from toolkit.models.survival import hazard_regression

    (time_, status), x = arrays_of(table), table[COVARIATES].to_numpy()
    formula = "~ " + " + ".join(COVARIATES)
    return (
        lambda: float(cox_fit(time_, status, x).coefficients[0]),
        lambda: float(hazard_regression(table, formula, exits="censor").terms["estimate"][0]),
    )


def statsmodels_curve(table: Any) -> Runs:
    """Return the runs of a curve by statsmodels."""
    import statsmodels.api as sm

    time_, status = arrays_of(table)

    def numbers() -> float:
        fit = sm.SurvfuncRight(time_, status)
        return middle(fit.surv_times, fit.surv_prob)

    def whole() -> float:
        rows = sm.SurvfuncRight(*arrays_of(table)).summary()
        return middle(rows.index.to_numpy(), rows["Surv prob"].to_numpy())

    return numbers, whole


def statsmodels_cox(table: Any) -> Runs:
    """Return the runs of a Cox regression by statsmodels."""
    import statsmodels.api as sm

    (time_, status), x = arrays_of(table), table[COVARIATES].to_numpy()

    def whole() -> float:
        months, ended = arrays_of(table)
        fit = sm.PHReg(months, table[COVARIATES], ended, ties="efron").fit(disp=0)
        return float(fit.summary().tables[1]["log HR"].iloc[0])

    return lambda: float(sm.PHReg(time_, x, status, ties="efron").fit(disp=0).params[0]), whole


def lifelines_curve(table: Any) -> Runs:
    """Return the runs of a curve by lifelines."""
    import pandas as pd
    from lifelines import KaplanMeierFitter

    time_, status = arrays_of(table)

    def whole() -> float:
        fit = KaplanMeierFitter().fit(*arrays_of(table))
        parts = [fit.survival_function_, fit.confidence_interval_, fit.event_table]
        rows = pd.concat(parts, axis=1)
        return middle(rows.index.to_numpy(), rows["KM_estimate"].to_numpy())

    return lambda: float(KaplanMeierFitter().fit(time_, status).median_survival_time_), whole


def lifelines_cox(table: Any) -> Runs:
    """Return the runs of a Cox regression by lifelines."""
    from lifelines import CoxPHFitter

    rows = table[[*COVARIATES, "duration"]].assign(status=arrays_of(table)[1])

    def whole() -> float:
        given = table[[*COVARIATES, "duration"]].assign(status=arrays_of(table)[1])
        return float(CoxPHFitter().fit(given, "duration", "status").summary["coef"].iloc[0])

    return lambda: float(CoxPHFitter().fit(rows, "duration", "status").params_["x1"]), whole


def scikit_survival_curve(table: Any) -> Runs:
    """Return the runs of a curve by scikit-survival."""
    import pandas as pd
    from sksurv.nonparametric import kaplan_meier_estimator

    time_, status = arrays_of(table)

    def whole() -> float:
        months, ended = arrays_of(table)
        ages, share, limits = kaplan_meier_estimator(ended, months, conf_type="log-log")
        rows = pd.DataFrame({"age": ages, "share": share, "low": limits[0], "high": limits[1]})
        return middle(rows["age"].to_numpy(), rows["share"].to_numpy())

    return lambda: middle(*kaplan_meier_estimator(status, time_)), whole


def scikit_survival_cox(table: Any) -> Runs:
    """Return the runs of a Cox regression by scikit-survival."""
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.util import Surv

    (time_, status), x = arrays_of(table), table[COVARIATES].to_numpy()

    def numbers() -> float:
        response = Surv.from_arrays(status, time_)
        return float(CoxPHSurvivalAnalysis(ties="efron").fit(x, response).coef_[0])

    return numbers, numbers


R_SCRIPT = """
suppressPackageStartupMessages(library(survival))
args <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(args[1])
ended <- Surv(rows$duration, rows$status)
middle <- function(fit) fit$time[which(fit$surv <= 0.5)[1]]
numbers <- function() if (args[2] == "curve") middle(survfit(ended ~ 1, se.fit = FALSE)) else
  unname(coef(coxph(ended ~ x1 + x2 + x3 + x4 + x5, rows))[1])
whole <- function() if (args[2] == "curve") {
  fit <- survfit(Surv(duration, status) ~ 1, rows, conf.type = "log-log")
  table <- data.frame(unclass(fit)[c("time", "n.risk", "n.event", "n.censor", "surv", "std.err",
                                     "lower", "upper")])
  middle(table)
} else summary(coxph(Surv(duration, status) ~ x1 + x2 + x3 + x4 + x5, rows))$coefficients[1, 1]
timed <- function(run) {
  best <- Inf
  begun <- proc.time()[3]
  for (i in seq_len(as.integer(args[3]))) {
    start <- proc.time()[3]; answer <- run(); best <- min(best, proc.time()[3] - start)
    if (proc.time()[3] - begun > as.numeric(args[4])) break
  }
  c(best, answer)
}
few <- timed(numbers); all <- timed(whole)
cat(sprintf('{"numbers": %.6f, "whole": %.6f, "answer": %.10f, "gib": null}',
            few[1], all[1], all[2]))
"""

PEERS = {
    ("toolkit", "curve"): toolkit_curve,
    ("toolkit", "cox"): toolkit_cox,
    ("statsmodels", "curve"): statsmodels_curve,
    ("statsmodels", "cox"): statsmodels_cox,
    ("lifelines", "curve"): lifelines_curve,
    ("lifelines", "cox"): lifelines_cox,
    ("scikit-survival", "curve"): scikit_survival_curve,
    ("scikit-survival", "cox"): scikit_survival_cox,
}


def best_of(run: Callable[[], float], runs: int) -> tuple[float, float]:
    """Return the best time of several runs, and the answer."""
    best, begun = float("inf"), time.perf_counter()
    for _ in range(runs):
        start = time.perf_counter()
        answer = run()
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() - begun > ENOUGH_SECONDS:
            break
    return best, answer


def measure(tool: str, kind: str, path: Path, runs: int) -> dict[str, Any]:
    """Run one tool in this process and return its best times, answer and memory."""
    import pandas as pd

    numbers, whole = PEERS[tool, kind](pd.read_parquet(path))
    few, answer = best_of(numbers, runs)
    every, same = best_of(whole, runs)
    if answer != same:
        raise SystemExit(f"{answer} from arrays, {same} from a frame")
    unit = 2**30 if sys.platform == "darwin" else 2**20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return {"numbers": few, "whole": every, "answer": answer, "gib": most}


def run_tool(tool: str, kind: str, path: Path, *, peers: str | None, runs: int) -> dict[str, Any]:
    """Run one tool in a process of its own; an empty answer where it is not there."""
    if tool == "R survival":
        if shutil.which("Rscript") is None:
            return {}
        arguments = [str(path.with_suffix(".csv")), kind, str(runs), str(ENOUGH_SECONDS)]
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


def compared(found: dict[str, Any], own: dict[str, Any], part: str) -> str:
    """Write one time, and how many times as long as this project's it is."""
    times = "" if found is own or part not in own else f"{found[part] / own[part]:7.1f} times"
    return f"{found[part]:9.4f} s {times:13}"


def main() -> None:
    """Run all cases and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
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
            print(f"\n{name}\n  {'':16} {'numbers':>11} {'':13} {'whole':>11}", flush=True)
            own: dict[str, Any] = {}
            for tool in TOOLS:
                found = run_tool(tool, kind, path, peers=options.peers, runs=options.runs)
                if "whole" not in found:
                    print(f"  {tool:16} {found.get('failed', 'not here')}", flush=True)
                    continue
                own = found if tool == "toolkit" else own
                memory = "" if found["gib"] is None else f"{found['gib']:5.2f} GiB"
                times = " ".join(compared(found, own, part) for part in ("numbers", "whole"))
                print(f"  {tool:16} {times} {memory:9}  answer {found['answer']:.8f}", flush=True)
            path.unlink()
            path.with_suffix(".csv").unlink()


if __name__ == "__main__":
    main()
