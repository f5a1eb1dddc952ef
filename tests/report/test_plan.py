import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.making import code
from toolkit.errors import DataError, OptionError
from toolkit.report.plan import default_name, read_plan, slug

PARAMETERS = 'region: str = "Hunan"\nmonths: int = 24\nkind: str = str()'


@pytest.fixture
def write_plan(tmp_path, write_notebook):
    write_notebook("notebooks/regional.ipynb", code("p", PARAMETERS, "parameters"))
    write_notebook("notebooks/national.ipynb", code("a", "1"))

    def write(text):
        path = tmp_path / "reports.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def entry(*lines, notebook="notebooks/regional.ipynb"):
    return "\n".join(["[[report]]", f'notebook = "{notebook}"', *lines, ""])


def test_a_plan_is_read_in_its_order(write_plan, tmp_path):
    plan = read_plan(
        write_plan(
            entry(notebook="notebooks/national.ipynb")
            + entry(
                'name = "regional-{region}-{months}"',
                'title = "R&D in {region}"',
                'group = "Provinces"',
                "[report.parameters]",
                'kind = "a"',
                "[report.grid]",
                'region = ["Hunan", "Inner Mongolia"]',
                "months = [24, 36]",
            )
        )
    )
    assert plan.names == (
        "national",
        "regional-hunan-24",
        "regional-hunan-36",
        "regional-inner-mongolia-24",
        "regional-inner-mongolia-36",
    )
    last = plan.jobs[-1]
    assert last.notebook == tmp_path / "notebooks/regional.ipynb"
    assert last.parameters == {"region": "Inner Mongolia", "months": 36, "kind": "a"}
    assert (last.title, last.group) == ("R&D in Inner Mongolia", "Provinces")


def test_a_name_may_hold_a_default(write_plan):
    plan = read_plan(write_plan(entry('name = "{region} {months}"')))
    assert plan.names == ("hunan-24",)
    assert plan.jobs[0].parameters == {}


def test_without_a_name_it_is_made_of_what_was_given(write_plan):
    plan = read_plan(write_plan(entry("[report.grid]", 'region = ["湖南", "Hubei"]')))
    assert plan.names == ("regional-湖南", "regional-hubei")


def test_some_reports_are_selected_and_the_others_remembered(write_plan):
    plan = read_plan(write_plan(entry("[report.grid]", 'region = ["Hunan", "Hubei", "Jilin"]')))
    chosen = plan.select("*-hu*").select("*n")
    assert [job.name for job in chosen.jobs] == ["regional-hunan"]
    assert {job.name for job in chosen.others} == {"regional-hubei", "regional-jilin"}
    assert chosen.names == plan.names


def test_a_pattern_that_fits_nothing_is_refused(write_plan):
    plan = read_plan(write_plan(entry("[report.grid]", 'region = ["Hunan", "Hubei"]')))
    with pytest.raises(OptionError) as refused:
        plan.select("regional-hunna")
    assert str(refused.value) == (
        f"No report in {plan.path} is called 'regional-hunna'. Did you mean 'regional-hunan'? "
        "It has: regional-hunan, regional-hubei."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", " has no reports. Add an entry that begins with [[report]]."),
        (
            "reports = 1",
            ": unknown key 'reports'. A plan has [[report]] entries, "
            "and [credits] where it is told who made them.",
        ),
        (
            "[[report]]",
            ', report 1: no notebook. Add notebook = "path/to/it.ipynb".',
        ),
        (
            entry("grup = 'a'"),
            ", report 1 (notebooks/regional.ipynb): unknown key 'grup'. Did you mean 'group'? "
            "An entry takes: notebook, name, group, title, parameters, grid.",
        ),
        (
            entry("group = 1"),
            ", report 1 (notebooks/regional.ipynb): group is 1. Give text.",
        ),
        (
            entry("grid = 1"),
            ", report 1 (notebooks/regional.ipynb): grid is 1. Give a table.",
        ),
        (
            entry() + entry(notebook="notebooks/natoinal.ipynb"),
            ", report 2: {folder}/notebooks/natoinal.ipynb does not exist. "
            "Did you mean 'national.ipynb'? Give the path of a notebook (.ipynb).",
        ),
        (
            entry("[report.parameters]", "regoin = 'Hunan'"),
            ", report 1: {folder}/notebooks/regional.ipynb has no parameter 'regoin'. "
            "Did you mean 'region'? It takes: region, months, kind.",
        ),
        (
            entry("[report.grid]", "months = [24, '36']"),
            ", report 1: {folder}/notebooks/regional.ipynb, parameter 'months': '36' is not int. "
            "Give a whole number, such as 24.",
        ),
        (
            entry("[report.grid]", "region = []"),
            ", report 1 (notebooks/regional.ipynb): the grid of 'region' is []. "
            "Give a list of values.",
        ),
        (
            entry("[report.parameters]", "months = 1", "[report.grid]", "months = [1]"),
            ", report 1 (notebooks/regional.ipynb): 'months' stands in parameters and in grid. "
            "Keep one of them.",
        ),
        (
            entry('name = "{reigon}"'),
            ", report 1 (notebooks/regional.ipynb): name = '{{reigon}}' cannot be filled in. "
            "Between braces it takes: region, months.",
        ),
        (
            entry('name = "Index"'),
            ", report 1 (notebooks/regional.ipynb): 'index' cannot name a report. "
            "Choose another name.",
        ),
        (
            entry('name = "r"', "[report.grid]", "region = ['Hunan', 'Hubei']"),
            ", report 1 (notebooks/regional.ipynb): the name 'r' is taken by another report. "
            "Put into name what tells them apart, such as 'regional-{{region}}'.",
        ),
        (
            entry() + entry(),
            ", report 2 (notebooks/regional.ipynb): the name 'regional' is taken by another "
            "report. Put into name what tells them apart, such as 'regional-2'.",
        ),
    ],
)
def test_an_entry_that_cannot_be_meant_is_named(write_plan, text, message):
    path = write_plan(text)
    with pytest.raises(OptionError) as refused:
        read_plan(path)
    assert str(refused.value) == f"{path}{message.format(folder=path.parent)}"


def test_a_plan_that_cannot_be_read_is_refused(tmp_path, write_plan):
    with pytest.raises(DataError) as refused:
        read_plan(tmp_path / "absent.toml")
    assert str(refused.value) == (
        f"{tmp_path}/absent.toml does not exist. Write one, or give the path of a plan (.toml)."
    )
    path = write_plan("[[report]")
    with pytest.raises(DataError, match=r"reports\.toml is not TOML: .*\. Correct it there\.$"):
        read_plan(path)


def test_a_thousand_reports_are_checked_in_a_second(write_plan):
    path = write_plan(entry("[report.grid]", f"months = {list(range(1000))}"))
    clock = time.process_time()
    assert len(read_plan(path).jobs) == 1000
    assert time.process_time() - clock < 1


@given(st.text())
def test_a_slug_is_a_safe_file_name_and_its_own_slug(text):
    name = slug(text)
    assert slug(name) == name
    assert not set(name) & set('/\\:*?"<>| \n\0')
    assert not name.startswith(".")


def test_long_names_are_cut_and_stay_apart(tmp_path):
    names = {default_name(tmp_path / "a.ipynb", {"x": "地" * 200, "n": n}) for n in (1, 2)}
    assert len(names) == 2
    assert all(len(name.encode()) < 250 for name in names)
