import pytest

from toolkit.clean.accounts import clean_accounts
from toolkit.errors import OptionError


def test_series_of_ones_own_take_the_name_that_is_given(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "单位：亿元（当年价格）\n地区,指标,2022年,2023年\n"
        "湖南,数字经济核心产业增加值,4000,4700\n湖南,别的,1,2\n",
        encoding="utf-8",
    )
    unnamed = clean_accounts(path)
    assert unnamed.audit.balance() == "4 rows in = 0 passed + 0 duplicates + 4 rejected"
    named = clean_accounts(path, indicators={" 数字经济核心产业增加值": "value_added_digital"})
    assert named.audit.balance() == "4 rows in = 2 passed + 0 duplicates + 2 rejected"
    assert named.table["indicator"].unique().tolist() == ["value_added_digital"]
    assert named.table["value"].tolist() == [4000e8, 4700e8]
    assert named.table["unit"].unique().tolist() == ["CNY"]


def test_money_at_constant_prices_is_not_taken_for_nominal(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "单位：亿元（2020年不变价）\n地区,指标,2023年\n湖南,地区生产总值,4700\n", encoding="utf-8"
    )
    assert clean_accounts(path).audit.count("unknown_unit") == 1


@pytest.mark.parametrize("indicators", [{"a": ""}, {"": "a"}, {"a": 1}])
def test_a_series_without_a_name_is_refused(indicators):
    with pytest.raises(OptionError, match=r"^indicators gives a name for each heading, such as "):
        clean_accounts("none.csv", indicators=indicators)
