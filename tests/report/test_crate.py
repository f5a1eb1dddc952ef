import json

import pytest

from tests.report.crates import problems
from tests.report.making import notebook, ran, shown
from toolkit.report.batch import Batch, _write_overview
from toolkit.report.crate import CRATE, write_batch_crate, write_crate
from toolkit.report.definitions import definitions
from toolkit.report.files import as_json_bytes, publish
from toolkit.report.manifest import report_manifest
from toolkit.report.outputs import KEY_FIGURES, Failure
from toolkit.report.plan import Job, Plan
from toolkit.report.reports import Report

EXECUTED = notebook(
    ran(
        "said",
        shown(**{"text_markdown": "The ratio is 6.238.", KEY_FIGURES: {"ratio 湖南": "6.238"}}),
        source="ratio.sentence()",
    ),
    ran(
        "ratio",
        shown(
            text_csv="region,ratio\nHunan,6.238\n",
            text_html="<figure><figcaption>R&amp;D by  region</figcaption></figure>",
        ),
        shown(text_csv="a\n1\n"),
        source="ratio",
    ),
)


@pytest.fixture
def out(tmp_path):
    """Two reports of a project, one of them failed, as they lie after a batch."""
    for name in ("data/ledger 湖南.csv", "notebooks/a.ipynb", "reports.toml", "pyproject.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    place = tmp_path / "out"
    whole = make(place, "whole", status="made")
    failed = make(
        place,
        "failed",
        status="failed",
        error=Failure(kind="ValueError", message="no", cell="said"),
    )
    jobs = tuple(Job(name=name, notebook=tmp_path / "notebooks/a.ipynb") for name in ("w", "f"))
    plan = Plan(path=tmp_path / "reports.toml", jobs=jobs, names=("whole", "failed"))
    batch = Batch(plan=plan, out=place, reports=(whole, failed), started=whole.started, seconds=2.5)
    _write_overview(batch)
    return place


def make(out, name, **changes):
    source = out.parent / "notebooks" / "a.ipynb"
    files = {
        f"{name}/tables/ratio.csv": b"region,ratio\nHunan,6.238\n",
        f"{name}/tables/ratio-2.csv": b"a\n1\n",
        f"{name}.ipynb": as_json_bytes(EXECUTED),
        f"{name}.html": b"<html></html>",
    }
    report = Report(
        name=name,
        title="R&D 湖南",
        group="",
        out=out,
        parameters={"months": 24, "regions": ["Hunan", None], "none": None},
        files=tuple(files),
        key_figures={"ratio 湖南": "6.238"},
        started="2024-01-01T00:00:00+00:00",
        seconds=1.5,
        **changes,
    )
    record = report_manifest(
        report,
        files=files,
        notebook=source,
        source=b"{}",
        defaults={"ledger": "../data/ledger 湖南.csv"},
        engine={"kernel": "forked", "random_state": 7},
    )
    publish(files | {f"{name}/manifest.json": as_json_bytes(record)}, out=out)
    write_crate(out / name)
    return report


def entities(crate):
    return {entity["@id"]: entity for entity in json.loads(crate.read_text())["@graph"]}


def named(found, name):
    (entity,) = (entity for entity in found.values() if entity.get("name") == name)
    return entity


def test_a_crate_tells_what_was_run_on_what(out):
    found = entities(out / "whole" / CRATE)
    run = found["#run-whole"]
    assert run["@type"] == "CreateAction"
    assert run["actionStatus"] == "http://schema.org/CompletedActionStatus"
    assert (run["startTime"], run["duration"]) == ("2024-01-01T00:00:00+00:00", "PT1.5S")
    assert run["endTime"] == "2024-01-01T00:00:01+00:00"
    assert found["./"]["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    ledger = named(found, "data/ledger 湖南.csv")
    assert ledger["sha256"] == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert {"@id": ledger["@id"]} in run["object"]
    assert named(found, "months")["value"] == 24
    assert named(found, "regions")["value"] == '["Hunan", null]'
    assert named(found, "none")["value"] == "null"
    assert named(found, "engine: random_state")["value"] == 7
    assert named(found, "numpy")["softwareVersion"]
    assert "error" not in run


def test_results_come_with_what_they_mean(out):
    found = entities(out / "whole" / CRATE)
    figure = named(found, "ratio 湖南")
    assert (figure["@type"], figure["value"]) == ("PropertyValue", "6.238")
    assert figure["description"] == "The ratio is 6.238."
    table = found["tables/ratio.csv"]
    assert (table["name"], table["description"]) == ("R&D by region", "Made by: ratio")
    assert found["tables/ratio-2.csv"]["name"] == "tables/ratio-2.csv"
    assert {"@id": "tables/ratio.csv"} in found["#run-whole"]["result"]


def test_a_failure_is_told(out):
    run = entities(out / "failed" / CRATE)["#run-failed"]
    assert run["actionStatus"] == "http://schema.org/FailedActionStatus"
    assert run["error"] == "ValueError in cell said: no"


def test_the_crate_of_a_batch_has_a_run_for_each_report(out):
    found = entities(out / CRATE)
    assert found["./"]["description"] == "1 of 2 reports made."
    assert found["./"]["mentions"] == [{"@id": "#run-whole"}, {"@id": "#run-failed"}]
    assert {"@id": "whole/"} in found["#run-whole"]["result"]
    assert found["whole/"]["subjectOf"] == {"@id": "whole/ro-crate-metadata.json"}


def test_a_report_of_which_nothing_could_be_written_has_no_run(out):
    (out / "failed" / "manifest.json").unlink()
    write_batch_crate(out)
    assert entities(out / CRATE)["./"]["mentions"] == {"@id": "#run-whole"}


def test_the_same_manifest_gives_the_same_crate(out):
    before = (out / "whole" / CRATE).read_bytes()
    write_crate(out / "whole")
    assert (out / "whole" / CRATE).read_bytes() == before


def test_no_notebook_defines_nothing(tmp_path):
    assert definitions(tmp_path / "none.ipynb").files == {}


@pytest.mark.slow
# The validator's own libraries speak of what they will drop.
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("place", ["whole", "failed", "."])
def test_the_validator_finds_nothing_wrong(out, tmp_path, place):
    found, checked = problems(out / place, tmp_path / "cache")
    assert found == []
    assert len(checked) > 40


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_validator_would_find_something_wrong(out, tmp_path):
    path = out / "whole" / CRATE
    path.write_text(path.read_text().replace('"instrument"', '"instruments"'))
    (out / "whole" / "tables" / "ratio.csv").unlink()
    found, _ = problems(out / "whole", tmp_path / "cache")
    assert any("MUST have an instrument property" in problem for problem in found)
    assert any("tables/ratio.csv" in problem for problem in found)


CREDITS = {
    "authors": [
        {"name": "Li Hua", "url": "https://orcid.org/0000-0002-1825-0097", "kind": "person"}
    ],
    "agent": {"name": "Group", "url": "https://example.org/group", "kind": "organization"},
    "publisher": {"name": "A Press", "url": "https://ror.org/03yrm5c26", "kind": "organization"},
    "license": "CC-BY-4.0",
}


def credited(place):
    for folder in (place, place / "whole"):
        path = folder / "manifest.json"
        path.write_bytes(as_json_bytes(json.loads(path.read_text()) | {"credits": CREDITS}))
    write_crate(place / "whole")
    write_batch_crate(place)
    return place


def test_nobody_is_credited_who_is_not_told_of(out):
    found = entities(out / "whole" / CRATE)
    assert not {"author", "publisher"} & found["./"].keys()
    assert "agent" not in found["#run-whole"]
    assert found["./"]["license"].startswith("No licence is stated.")


def test_authors_agent_publisher_and_licence_are_told(out):
    found = entities(credited(out) / "whole" / CRATE)
    author = found[found["./"]["author"]["@id"]]
    assert (author["@type"], author["name"]) == ("Person", "Li Hua")
    publisher = found[found["./"]["publisher"]["@id"]]
    assert (publisher["@type"], publisher["url"]) == ("Organization", "https://ror.org/03yrm5c26")
    assert found["./"]["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}
    assert found["https://spdx.org/licenses/CC-BY-4.0"]["name"] == "CC-BY-4.0"
    agent = found[found["#run-whole"]["agent"]["@id"]]
    assert (agent["@type"], agent["name"]) == ("Organization", "Group")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_once_credited_little_that_is_recommended_is_left_open(out, tmp_path):
    found, _ = problems(credited(out) / "whole", tmp_path / "cache", severity="RECOMMENDED")
    assert sorted({problem.partition(": ")[2] for problem in found}) == [
        "The Application SHOULD have a url",
        "The SoftwareApplication id SHOULD be an absolute URI",
        "The author SHOULD have a Contextual Entity which specifies the organizational "
        "`affiliation`.",
        "The author SHOULD have an organizational affiliation.",
    ]
