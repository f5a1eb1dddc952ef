import pytest

from tests.report.making import code
from toolkit.errors import OptionError
from toolkit.report.credits import Credits, Party, read_credits
from toolkit.report.plan import read_plan


def test_what_is_told_is_read():
    told = {
        "authors": [{"name": " Li Hua ", "url": "https://orcid.org/0000-0002-1825-0097"}],
        "publisher": {"name": "A Press"},
        "agent": {"name": "A Group", "kind": "organization"},
        "license": "CC-BY-4.0",
    }
    credited = read_credits(told, where="p.toml")
    assert credited == Credits(
        authors=(Party(name="Li Hua", url="https://orcid.org/0000-0002-1825-0097"),),
        publisher=Party(name="A Press", kind="organization"),
        agent=Party(name="A Group", kind="organization"),
        license="CC-BY-4.0",
    )
    assert credited.as_record()["publisher"] == {
        "name": "A Press",
        "url": None,
        "kind": "organization",
    }
    assert read_credits({}, where="p.toml").as_record() == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([1], "p.toml: credits is [1]. Give: authors, agent, publisher, license."),
        (
            {"licence": "MIT"},
            "p.toml: credits has no 'licence'. Did you mean 'license'? "
            "It takes: authors, agent, publisher, license.",
        ),
        (
            {"authors": "Li Hua"},
            "p.toml: authors is 'Li Hua'. Give a list, with a name in each.",
        ),
        ({"authors": ["Li Hua"]}, "p.toml: authors is 'Li Hua'. Give: name, url, kind."),
        (
            {"agent": {"url": "https://a.cn"}},
            "p.toml: agent has an entry without a name. Give it one.",
        ),
        (
            {"agent": {"name": "A", "url": "a.cn"}},
            "p.toml: url = 'a.cn' is no address. Begin it with https://.",
        ),
        (
            {"agent": {"name": "A", "kind": "bank"}},
            "p.toml: kind = 'bank'. Choose one of: person, organization.",
        ),
        ({"license": 4}, "p.toml: license = 4 is no text. Give it in quotes."),
    ],
)
def test_what_cannot_be_meant_is_refused(content, message):
    with pytest.raises(OptionError) as refused:
        read_credits(content, where="p.toml")
    assert str(refused.value) == message


def test_a_plan_credits_each_of_its_reports(tmp_path, write_notebook):
    write_notebook("n.ipynb", code("c", "1"))
    path = tmp_path / "reports.toml"
    path.write_text('[[report]]\nnotebook = "n.ipynb"\n[credits]\nlicense = "MIT"\n')
    (job,) = read_plan(path).jobs
    assert job.credits == Credits(license="MIT")
