import subprocess
import sys

import pytest

IMPORT = "import sys; from toolkit.report.grammar import grammar_when_used\n"


def said(code):
    command = [sys.executable, "-c", IMPORT + code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(autouse=True)
def _grammar():
    pytest.importorskip("rfc3987_syntax")


def test_papermill_is_imported_without_the_grammar():
    code = "with grammar_when_used():\n    import papermill\n"
    assert said(code + "print(*{'lark', 'rfc3987_syntax'} & set(sys.modules))") == ""


def test_addresses_are_checked_all_the_same():
    code = (
        "with grammar_when_used():\n    import jsonschema\n"
        "checker = jsonschema.Draft202012Validator.FORMAT_CHECKER\n"
        "address = jsonschema.Draft202012Validator({'format': 'iri'}, format_checker=checker)\n"
        "print(address.is_valid('http://例子.cn/'), address.is_valid('no address'))"
    )
    assert said(code) == "True False"


def test_a_grammar_that_is_there_stays():
    code = (
        "import rfc3987_syntax as before\n"
        "with grammar_when_used():\n    import rfc3987_syntax as inside\n"
        "print(inside is before, sys.modules['rfc3987_syntax'] is before)"
    )
    assert said(code) == "True True"
