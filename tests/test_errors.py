import pytest

from toolkit import errors


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name.endswith("Error")])
def test_every_error_is_a_toolkit_error_with_an_exit_code_of_its_own(name):
    kind = getattr(errors, name)
    assert issubclass(kind, errors.ToolkitError)
    codes = [
        getattr(errors, other).exit_code for other in errors.__all__ if other.endswith("Error")
    ]
    assert codes.count(kind.exit_code) == 1
    assert kind.exit_code > 0


def test_a_column_error_prints_its_sentence_and_not_its_repr():
    assert str(errors.ColumnError("No column 'x'.")) == "No column 'x'."


def test_did_you_mean_folds_case():
    assert errors.did_you_mean("SHAANXI", ["Shaanxi", "Hunan"]) == " Did you mean 'Shaanxi'?"
