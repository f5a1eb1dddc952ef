import json

import pytest

from tests.report.making import code, notebook, prose
from toolkit.report.packages.lint import lint_files
from toolkit.report.packages.lint.paths import absolute_paths


def said(*sources, name="notebooks/a.ipynb"):
    if name.endswith(".py"):
        content = "\n".join(sources)
    else:
        cells = [code(f"c{number}", source) for number, source in enumerate(sources)]
        content = json.dumps(notebook(prose("p", "/home/li is prose"), *cells))
    return [str(found) for found in lint_files({name: content.encode()})]


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("import numpy as np\nnp.random.normal(size=3)", "numpy.random.normal"),
        ("import numpy\nnumpy.random.shuffle(a)", "numpy.random.shuffle"),
        ("from numpy import random as r\nr.rand()", "numpy.random.rand"),
        ("from numpy.random import choice\nchoice(a)", "numpy.random.choice"),
        ("import random\nrandom.random()", "random.random"),
        ("from random import sample as s\ns(a, 2)", "random.sample"),
    ],
)
def test_draws_from_a_state_that_nobody_set(source, called):
    assert said(source) == [
        f"error [no-seed] notebooks/a.ipynb, cell 'c0', line 2: {called} draws from a state that "
        "nobody set. Give a seed: numpy.random.default_rng(2024), or random_state=2024 to the "
        "toolkit."
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nrng = np.random.default_rng(2024)\nrng.normal()",
        "import numpy as np\nnp.random.default_rng(seed=seed)",
        "import numpy as np\nnp.random.seed(1)\nnp.random.normal()",
        "import random\nrandom.seed('a')\nrandom.random()",
        "from random import Random\nRandom(3).random()",
        "import numpy as np\nnp.random.Generator(np.random.PCG64(5))",
        "normal()\nrandom.choice(a)",  # whatever it is, it is not that module
        "import toolkit as tk\ntk.capital_magnetism(a, window='ignore', cluster='f')",
        "import toolkit as tk\ntk.capital_magnetism(a, interval='fieller', cluster='f')",
        "import toolkit as tk\ntk.capital_magnetism(a, interval='bootstrap', random_state=1)",
        "import toolkit as tk\ntk.capital_magnetism(a, **options)",
    ],
)
def test_what_is_seeded_is_well(source):
    assert said(source) == []


@pytest.mark.parametrize("source", ["np.random.default_rng()", "np.random.default_rng(None)"])
def test_a_generator_without_a_seed(source):
    (found,) = said("import numpy as np", source)
    assert "cell 'c1', line 1: numpy.random.default_rng() begins differently in each run." in found


def test_an_empty_seed_seeds_nothing():
    first, second = said("import random\nrandom.seed()\nrandom.random()")
    assert "random.seed() begins differently" in first
    assert "random.random draws" in second


def test_a_system_s_noise_cannot_be_repeated():
    (found,) = said("import random\nrandom.SystemRandom(1)")
    assert "random.SystemRandom cannot be repeated." in found


@pytest.mark.parametrize("interval", ["'bootstrap'", "interval"])
def test_the_toolkit_s_own_draws_want_a_seed(interval):
    source = f"import toolkit as tk\ntk.magnetism_ratio(\n    a, interval={interval})"
    (found,) = said(source)
    assert "line 2: toolkit.magnetism_ratio may draw its interval at random" in found


def test_cells_share_what_they_import_and_files_do_not():
    assert len(said("import numpy as np", "np.random.rand()")) == 1
    assert len(said("import random", "random.random()", name="scripts/a.py")) == 1


def test_commands_to_jupyter_are_passed_over():
    (found,) = said("%matplotlib inline\n!ls\nopen('/home/li/a.csv')")
    assert "cell 'c0', line 3: '/home/li/a.csv' is there on one machine. Write the path" in found


def test_code_that_is_no_python_is_said_to_be_unread():
    (found,) = said("x = = 1")
    assert found.startswith("warning [not-read] notebooks/a.ipynb, cell 'c0': this is not plain")


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("/home/li/study/a.csv", ["/home/li/study/a.csv"]),
        ("see '/Users/li/a b.csv'", ["/Users/li/a"]),
        ("/tmp/x, /mnt/y.", ["/tmp/x", "/mnt/y"]),
        (r"C:\Users\li\a.csv", [r"C:\Users\li\a.csv"]),
        ("D:/study/a.csv", ["D:/study/a.csv"]),
        ("~/study", ["~/study"]),
        ("file:///a/b", ["file:///a/b"]),
        ("../data/raw/loans.csv", []),
        ("data/home/li.csv", []),
        ("https://stats.gov.cn/data/a.html", []),
        ("at 1:/2, a/b, /, and/or", []),
        ("/api/contents", []),
        ("x:y http://a/b", []),
    ],
)
def test_absolute_paths(text, paths):
    assert absolute_paths(text) == paths


def test_outputs_and_the_plan_are_looked_into_and_raw_data_are_not():
    text = b"a\nmade from /home/li/a.csv and /home/li/b.csv\n"
    for name in ("reports/a.html", "reports/a/tables/t.csv", "reports.toml"):
        places = [found.place for found in lint_files({name: text})]
        assert places == [f"{name}, line 2"] * 2
    assert list(lint_files({"data/raw/a.csv": text})) == []


def test_many_paths_of_one_file_are_counted():
    text = "\n".join(f"/home/li/{number}.csv" for number in range(9)).encode()
    findings = list(lint_files({"reports/a.html": text}))
    assert len(findings) == 4
    assert findings[-1].what == "6 more absolute paths."
