from __future__ import annotations

import tempfile

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.magnetism.ledgers import END, firm_by_firm, ledger_of
from toolkit.errors import ColumnError, DataError, ModelError, OptionError
from toolkit.models import ratios
from toolkit.models.magnetism import capital_magnetism, magnetism_curve, split

MONTHS = 12
SMALL = ledger_of(firms=30, clusters=5, seed=1)


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    return ledger_of(firms=300, clusters=12, seed=3)


@pytest.fixture(scope="module")
def known(ledger: pd.DataFrame) -> pd.DataFrame:
    return firm_by_firm(ledger, months=MONTHS)


def money(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    return table[[f"{kind}{month}" for month in range(MONTHS + 1)]]


def few(rows: list[tuple[str, str, str, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["firm_id", "tier", "date", "amount_cny"])
    return table.assign(date=pd.to_datetime(table["date"]), region="a")


def test_the_window_by_hand() -> None:
    ledger = few(
        [
            ("f", "bank", "2020-01-30", 1.0),  # before the first micro loan
            ("f", "micro", "2020-01-31", 2.0),
            ("f", "bank", "2020-01-31", 4.0),  # the same day
            ("f", "bank", "2020-02-01", 8.0),
            ("f", "micro", "2020-02-10", 16.0),  # lead money of the window too
            ("f", "bank", "2020-02-29", 32.0),  # the last day of one month
            ("f", "bank", "2020-03-01", 64.0),  # too late
            ("f", "micro", "2020-03-01", 128.0),
            ("g", "bank", "2020-02-01", 256.0),  # no micro loan at all
        ]
    )
    result = capital_magnetism(
        ledger, months=1, window="complete", cluster="firm_id", observed_until="2020-12-31"
    )
    row = result.total()
    assert (row["lead"], row["follow"], row["units"]) == (18.0, 40.0, 1)
    assert row["estimate"] == 40 / 18
    assert "bank money of the same day as the first micro loan is not counted: ¥4.000." in (
        result.notes
    )


@pytest.mark.parametrize(
    ("until", "observed"), [("2020-02-28", 0), ("2020-02-29", 1), ("2020-03-30", 1)]
)
def test_a_month_is_whole_on_its_last_day(until: str, observed: int) -> None:
    ledger = few([("f", "micro", "2020-01-31", 1.0), ("f", "bank", "2020-02-01", 1.0)])
    options = {"months": 1, "window": "complete", "cluster": "firm_id", "observed_until": until}
    if observed:
        assert capital_magnetism(ledger, **options).total()["units_observed"] == 1
    else:
        with pytest.raises(ModelError) as caught:
            capital_magnetism(ledger, **options)
        assert str(caught.value) == (
            "window='complete' needs firms observed for 1 months after their first lead loan; the "
            "longest of 1 is observed for 0. Take months=0 or fewer, or a ledger that goes on."
        )


def test_complete_windows_equal_a_count_firm_by_firm(
    ledger: pd.DataFrame, known: pd.DataFrame
) -> None:
    row = capital_magnetism(
        ledger, months=MONTHS, window="complete", cluster="region", observed_until=END
    ).total()
    whole = known[known["observed"] >= MONTHS]
    lead, follow = money(whole, "lead").sum(axis=1), money(whole, "follow").sum(axis=1)
    assert row["units"] == row["units_observed"] == len(whole)
    assert row["lead"] == pytest.approx(lead.sum(), rel=1e-13)
    assert row["follow"] == pytest.approx(follow.sum(), rel=1e-13)
    assert row["mean_ratio"] == pytest.approx((follow / lead).mean(), rel=1e-12)
    by_region = pd.DataFrame({"x": lead, "y": follow}).groupby(whole["region"]).sum()
    by_hand = ratios.linearized_interval(by_region["x"], by_region["y"], conf_level=0.95)
    assert (row["estimate"], row["std_error"]) == pytest.approx(by_hand[:2], rel=1e-12)


def test_ignored_windows_take_all_firms(ledger: pd.DataFrame, known: pd.DataFrame) -> None:
    result = capital_magnetism(
        ledger, months=MONTHS, window="ignore", cluster="region", observed_until=END
    )
    row = result.total()
    assert row["units"] == len(known)
    assert row["follow"] == pytest.approx(money(known, "follow").sum().sum(), rel=1e-13)
    short = (known["observed"] < MONTHS).sum()
    assert (
        f"{short} of 300 firms are observed for less than 12 months, and their follow-on is cut "
        "off there: the ratio is too low. Nothing was corrected."
    ) in result.notes


def test_adjusted_windows_weigh_each_month_by_the_share_still_observed(
    ledger: pd.DataFrame, known: pd.DataFrame
) -> None:
    row = capital_magnetism(
        ledger, months=MONTHS, window="adjusted", cluster="region", observed_until=END
    ).total()
    sums = {"lead": 0.0, "follow": 0.0}
    for month in range(MONTHS + 1):
        still = known["observed"] >= month
        for kind in sums:
            sums[kind] += known.loc[still, f"{kind}{month}"].sum() / still.mean()
    assert row["lead"] == pytest.approx(sums["lead"], rel=1e-12)
    assert row["follow"] == pytest.approx(sums["follow"], rel=1e-12)
    assert row["estimate"] == pytest.approx(sums["follow"] / sums["lead"], rel=1e-12)
    assert row["units"] == 300
    assert row["units_observed"] == (known["observed"] >= MONTHS).sum()


@pytest.mark.parametrize("window", ["complete", "adjusted", "ignore"])
@pytest.mark.parametrize("interval", ["linearized", "fieller", "jackknife", "bootstrap"])
def test_every_engine_gives_the_same_digits(
    ledger: pd.DataFrame, window: str, interval: str, tmp_path
) -> None:
    source = tmp_path / "ledger.parquet"
    ledger.to_parquet(source)
    answers = [
        capital_magnetism(
            data,
            months=MONTHS,
            window=window,
            cluster="region",
            by=["sector"],
            observed_until="2024-12-31",
            interval=interval,
            random_state=5,
        ).to_csv()
        for data in (ledger, pl.from_pandas(ledger), source)
    ]
    assert answers[0] == answers[1] == answers[2]


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    shuffled = SMALL.sample(frac=1, random_state=seed)
    options = {"months": 6, "window": "adjusted", "cluster": "region", "observed_until": END}
    expected = capital_magnetism(SMALL, **options).to_csv()
    assert capital_magnetism(shuffled, **options).to_csv() == expected


def test_groups_take_the_value_of_the_first_lead_loan() -> None:
    ledger = few(
        [
            ("f", "micro", "2020-01-10", 1.0),
            ("f", "micro", "2020-02-10", 1.0),
            ("f", "bank", "2020-03-10", 6.0),
            ("g", "micro", "2020-01-10", 2.0),
        ]
    ).assign(funder_id=["x", "y", "z", "y"])
    result = capital_magnetism(
        ledger,
        months=6,
        window="complete",
        by="funder_id",
        cluster="firm_id",
        observed_until="2021-12-31",
    )
    table = result.tidy()
    assert table["funder_id"].tolist()[:2] == ["x", "y"]
    assert table["estimate"].tolist() == [3.0, 0.0, 1.5]
    assert result.augment()["firm_id"].tolist() == ["f", "g"]
    assert result.augment()["ratio"].tolist() == [3.0, 0.0]


def test_the_end_of_observation_may_stand_in_the_ledger(ledger: pd.DataFrame) -> None:
    options = {"months": MONTHS, "window": "adjusted", "cluster": "region"}
    by_keyword = capital_magnetism(ledger, **options, observed_until="2023-06-30")
    by_column = capital_magnetism(
        ledger.assign(observed_until=pd.Timestamp("2023-06-30")), **options
    )
    pd.testing.assert_frame_equal(by_keyword.tidy(), by_column.tidy())
    cut = ledger[ledger["date"] <= "2023-06-30"]
    before = capital_magnetism(cut, **options, observed_until="2023-06-30")
    pd.testing.assert_frame_equal(by_keyword.tidy(), before.tidy())
    later = len(ledger) - len(cut)
    assert f"{later:,} rows after 2023-06-30, the end of observation, are left out." in (
        by_keyword.notes
    )


def test_without_an_end_of_observation_the_last_row_is_taken_and_that_is_said() -> None:
    ledger = few([("f", "micro", "2020-01-31", 1.0), ("f", "bank", "2020-05-01", 1.0)])
    result = capital_magnetism(ledger, months=1, window="complete", cluster="region")
    assert (
        "No end of observation was given: every firm is taken to be observed until the ledger's "
        "last row, 2020-05-01."
    ) in result.notes


def test_rows_that_lack_something_are_counted() -> None:
    ledger = few(
        [
            ("f", "micro", "2020-01-31", 1.0),
            ("f", "bank", "2020-05-01", np.nan),
            (None, "bank", "2020-05-01", 1.0),
            ("f", "bank", "2020-02-01", 3.0),
        ]
    )
    result = capital_magnetism(
        ledger, months=6, window="complete", cluster="region", observed_until="2022-12-31"
    )
    assert result.total()["estimate"] == 3.0
    assert "2 of 4 rows left out: firm, date, amount or end of observation missing." in result.notes


def test_what_cannot_be_meant(ledger: pd.DataFrame) -> None:
    options = {"months": 12, "window": "complete", "cluster": "region"}
    with pytest.raises(TypeError, match="window"):
        capital_magnetism(ledger, cluster="region")
    with pytest.raises(TypeError, match="cluster"):
        capital_magnetism(ledger, window="ignore")
    with pytest.raises(OptionError) as window:
        capital_magnetism(ledger, **{**options, "window": "adjust"})
    assert str(window.value) == (
        "window is one of 'complete', 'adjusted', 'ignore'; got 'adjust'. Did you mean 'adjusted'?"
    )
    with pytest.raises(OptionError) as tier:
        capital_magnetism(ledger, **options, lead="mirco")
    assert str(tier.value) == (
        "No row of the ledger has the tier 'mirco'. Did you mean 'micro'? Its tiers: bank, micro."
    )
    with pytest.raises(OptionError, match="months is a whole number of 1 or more; got 0"):
        capital_magnetism(ledger, **{**options, "months": 0})
    with pytest.raises(OptionError, match="lead and follow are two tiers; got 'bank' for both"):
        capital_magnetism(ledger, **options, lead="bank")
    with pytest.raises(OptionError, match="observed_until is a day such as '2024-12-31'; got 'x'"):
        capital_magnetism(ledger, **options, observed_until="x")
    with pytest.raises(
        OptionError, match="observed_until is 2001-01-01; the ledger begins on 2020"
    ):
        capital_magnetism(ledger, **options, observed_until="2001-01-01")
    with pytest.raises(ColumnError, match="Column 'date' is a date in each row; it holds String"):
        capital_magnetism(ledger.assign(date="2020"), **options)
    with pytest.raises(ColumnError, match="Column 'amount_cny' is money"):
        capital_magnetism(ledger.assign(amount_cny="1"), **options)
    with pytest.raises(DataError, match="Column 'amount_cny' has 1 negative values"):
        capital_magnetism(ledger.assign(amount_cny=[-1.0, *ledger["amount_cny"][1:]]), **options)
    with pytest.raises(ColumnError, match=r"No column 'regoin'\. Did you mean 'region'"):
        capital_magnetism(ledger, **{**options, "cluster": "regoin"})
    national = ledger.assign(region=ledger["region"].where(ledger["firm_id"] > "f00050", "100000"))
    with pytest.raises(DataError, match=r"holds the nation \(100000\) among its provinces"):
        capital_magnetism(national, **options)


@pytest.mark.parametrize("window", ["complete", "adjusted", "ignore"])
@pytest.mark.parametrize("by", [None, ("sector", "region")])
def test_a_large_file_in_parts_gives_the_same_answer(
    ledger: pd.DataFrame, window: str, by, tmp_path, monkeypatch
) -> None:
    source = tmp_path / "it's a ledger.parquet"
    ledger.to_parquet(source)
    options = {"window": window, "cluster": "region", "by": by, "observed_until": "2024-12-31"}
    whole = capital_magnetism(source, **options, interval="bootstrap", random_state=2)
    monkeypatch.setattr(split, "ROWS_AT_ONCE", len(ledger) // 6)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    parts = capital_magnetism(source, **options, interval="bootstrap", random_state=2)
    assert parts.fitted is None
    pd.testing.assert_frame_equal(parts.tidy(), whole.tidy(), rtol=1e-12)
    assert parts.notes == whole.notes
    assert parts.facts == whole.facts
    pd.testing.assert_frame_equal(parts.augment(), whole.augment(), rtol=1e-12)
    pd.testing.assert_frame_equal(parts.concentration(), whole.concentration(), rtol=1e-12)
    assert not list(tmp_path.glob("toolkit_parts_*"))


def test_the_curve_of_a_large_file_in_parts_is_the_same(
    ledger: pd.DataFrame, tmp_path, monkeypatch
) -> None:
    source = tmp_path / "ledger.parquet"
    ledger.to_parquet(source)
    options = {"months": 12, "cluster": "region", "observed_until": "2024-12-31"}
    whole = magnetism_curve(source, **options)
    monkeypatch.setattr(split, "ROWS_AT_ONCE", len(ledger) // 3)
    pd.testing.assert_frame_equal(
        magnetism_curve(source, **options).tidy(), whole.tidy(), rtol=1e-12
    )
