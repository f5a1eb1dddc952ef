import pandas as pd
import pytest

from toolkit import schema
from toolkit.errors import ColumnError, OptionError


def test_a_heading_without_a_named_source_means_one_indicator():
    seen = {}
    for indicator in schema.INDICATORS.values():
        for heading in indicator.headings:
            if not indicator.sources:
                assert heading not in seen, (heading, indicator.name, seen.get(heading))
            seen[heading] = indicator.name


def test_find_indicator_knows_names_labels_and_short_names():
    assert schema.find_indicator("gdp").name == "gross_regional_product"
    assert schema.find_indicator("地区生产总值").name == "gross_regional_product"
    assert schema.find_indicator("population").unit == "persons"


def test_find_indicator_suggests_the_nearest():
    with pytest.raises(OptionError) as caught:
        schema.find_indicator("value_added_finanse")
    assert str(caught.value).startswith(
        "No indicator 'value_added_finanse'. Did you mean 'value_added_finance'? "
        "The indicators are: gross_regional_product, value_added_primary,"
    )


def test_require_columns_names_the_missing_one():
    with pytest.raises(ColumnError) as caught:
        schema.require_columns(pd.DataFrame({"region": [], "sector": []}), ["regoin"])
    assert str(caught.value) == (
        "No column 'regoin'. Did you mean 'region'? The table has: region, sector."
    )


@pytest.mark.parametrize(
    "table", [schema.ACCOUNTS, schema.LENDERS, schema.COHORTS, schema.FIGURES], ids=lambda t: t.name
)
def test_the_key_of_a_schema_is_among_its_columns(table):
    assert set(table.key) <= set(table.names)
    assert len(set(table.names)) == len(table.names)
