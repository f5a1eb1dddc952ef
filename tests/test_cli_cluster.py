"""The command line on a cluster: two real worker processes of Spark on this machine."""

import os
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from tests.clean.ledger_rows import UNTIL, ledger
from toolkit.clean.ledgers import clean_ledger

MASTER = "local-cluster[2,1,1024]"


def on_spark(*arguments):
    pytest.importorskip("pyspark")
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java; there is none on this machine")
    command = [sys.executable, "-m", "toolkit", "clean", "ledger", *map(str, arguments)]
    options = ["--engine", "spark", "--master", MASTER, "--observed-until", UNTIL]
    return subprocess.run([*command, *options], capture_output=True, text=True, timeout=900)


def counts(summary):
    """Return the balance of a summary, and how many rows each rule found."""
    lines = summary.splitlines()
    rules = [re.match(r"  (\w+) +([\d,]+)  (\w+): ", line) for line in lines]
    return lines[1], [rule.groups() for rule in rules if rule]


@pytest.mark.slow
def test_a_ledger_is_cleaned_by_two_workers_as_it_is_by_one_process(tmp_path):
    frame = ledger()
    frame.loc[0, "备注"] = 'a "quoted", parted cell'
    frame.loc[6, "备注"] = 'a "quoted", parted cell'
    frame.to_csv(tmp_path / "loans.csv", index=False)
    expected = clean_ledger(frame, observed_until=UNTIL)
    done = on_spark(tmp_path / "loans.csv", "--out", tmp_path / "out" / "loans")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert counts(done.stdout) == counts(expected.audit.summary())
    assert done.stdout.count("written: ") == 4
    table = pd.read_parquet(tmp_path / "out" / "loans.parquet").sort_values("firm_id")
    kept = expected.table.sort_values("firm_id")
    for name in ("firm_id", "funder_id", "tier", "region", "amount_cny", "flags"):
        assert table[name].tolist() == kept[name].tolist()
    assert table["备注"].fillna("").tolist() == kept["备注"].tolist()
    assert pd.to_datetime(table["date"]).tolist() == kept["date"].tolist()


@pytest.mark.slow
def test_a_file_that_no_worker_finds_ends_with_one_message(tmp_path):
    done = on_spark(tmp_path / "absent.csv")
    assert done.returncode == 3
    assert done.stdout == ""
    # Spark's own log goes on behind it.
    assert "Traceback" not in done.stderr
    assert (
        f"toolkit: {tmp_path / 'absent.csv'}: Spark found no table there (PATH_NOT_FOUND). "
        "Give a path that every worker can read."
    ) in done.stderr.splitlines()
