import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.models.magnetism.money import Money

AMOUNTS = st.integers(0, 1_000)


def held(rows):
    lead, follow, clusters = (np.array(column) for column in zip(*rows, strict=True))
    return Money(lead=lead.astype(float), follow=follow.astype(float), clusters=clusters)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, st.integers(-(10**9), 10**9)), min_size=1))
def test_sums_by_cluster_are_those_of_pandas_and_in_their_order(rows):
    money = held(rows)
    table = pd.DataFrame({"lead": money.lead, "follow": money.follow})
    summed = table.groupby(money.clusters).sum()
    sums = money.sums()
    np.testing.assert_array_equal(sums.lead, summed["lead"])
    np.testing.assert_array_equal(sums.follow, summed["follow"])


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, st.integers(0, 3)), min_size=1), st.data())
def test_units_picked_out_keep_their_money_and_cluster(rows, data):
    places = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, unique=True))
    part = held(rows).at(np.array(places))
    assert [*zip(part.lead, part.follow, part.clusters, strict=True)] == [rows[i] for i in places]


def test_without_clusters_each_unit_is_its_own():
    money = Money(lead=np.array([1.0, 2.0]), follow=np.array([3.0, 4.0]))
    assert money.sums().clusters == 2
    assert money.at(np.array([1])).clusters is None


def test_facts_by_hand():
    money = Money(lead=np.array([0.0, 1.0, 2.0, 4.0]), follow=np.array([5.0, 1.0, 0.0, 12.0]))
    assert money.own_ratios().tolist() == [1.0, 0.0, 3.0]
    facts = money.facts()
    assert (facts["lead"], facts["follow"], facts["units"]) == (7.0, 18.0, 4)
    assert facts["mean_ratio"] == pytest.approx(4 / 3)
    assert (facts["median_ratio"], facts["share_with_follow"]) == (1.0, 0.75)
    assert facts["share_at_one"] == 0.25
