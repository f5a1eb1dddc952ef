"""Data shared by the tests of the survival family."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ANSWERS = Path(__file__).parents[2] / "oracle" / "survival.json"


@pytest.fixture(scope="session")
def r_answers():
    """Answers of R's survival package; the script that made them stands beside them."""
    return json.loads(ANSWERS.read_text())


@pytest.fixture
def seven():
    """Seven spells with ties, two late entries and two exits, worked by hand in the tests."""
    return pd.DataFrame(
        {
            "unit_id": list("abcdefg"),
            "entry": [0, 0, 0, 1, 2, 0, 0],
            "duration": [2, 3, 3, 3, 5, 5, 6],
            "outcome": [
                "production",
                "production",
                "exit",
                "censored",
                "production",
                "exit",
                "censored",
            ],
        }
    )


@pytest.fixture
def lung(shared_data):
    """Survival in advanced lung cancer, as spells; the months are days here."""
    rows = pd.read_csv(shared_data("oracle/lung.csv"))
    place = np.arange(1, len(rows) + 1)
    return rows.assign(
        duration=rows["time"],
        outcome=np.where(rows["status"] == 1, "production", "censored"),
        late=np.floor(rows["time"] * (place % 3) / 4),
        w=1 + place % 3,
        month=np.ceil(rows["time"] / 30.4375),
        ph_ecog=rows["ph.ecog"],
    )


@pytest.fixture
def mgus2(shared_data):
    """Progression of monoclonal gammopathy in months, with death as the exit."""
    rows = pd.read_csv(shared_data("oracle/mgus2.csv"))
    progressed, died = rows["pstat"] == 1, rows["death"] == 1
    return rows.assign(
        duration=np.where(progressed, rows["ptime"], rows["futime"]),
        outcome=np.select([progressed, died], ["production", "exit"], "censored"),
        male=(rows["sex"] == "M").astype(float),
    )
