import base64

from tests.report.making import code, notebook, prose, ran, shown
from toolkit.report.outputs import (
    KEY_FIGURES,
    Failure,
    collect_files,
    failure_log,
    find_failure,
    key_figures,
    tidy,
)

PNG = base64.b64encode(b"\x89PNG").decode()


def stream(name, text):
    return {"output_type": "stream", "name": name, "text": text}


def error(*traceback):
    return {
        "output_type": "error",
        "ename": "ValueError",
        "evalue": "\x1b[31mno such region\x1b[0m\nsecond line",
        "traceback": list(traceback),
    }


def test_tables_and_figures_bear_the_name_of_their_cell():
    files = collect_files(
        notebook(
            prose("t", "# Title"),
            ran("rd-ratio", shown(text_csv=["region,ratio\n", "湖南,6.238\n"])),
            ran(
                "curve",
                shown(
                    {"image/png": PNG}, **{"image_png": PNG, "image_svg+xml": ["<svg>", "</svg>"]}
                ),
                stream("stdout", "x"),
                shown(image_png=PNG),
                shown(text_csv="a\n"),
                shown(**{"image_svg+xml": "<svg/>"}),
            ),
        )
    )
    assert files == {
        "tables/rd-ratio.csv": "region,ratio\n湖南,6.238\n".encode(),
        "tables/curve.csv": b"a\n",
        "figures/curve.png": b"\x89PNG",
        "figures/curve.svg": b"<svg></svg>",
        "figures/curve-2.png": b"\x89PNG",
        "figures/curve-3.svg": b"<svg/>",
    }


def test_a_cell_that_is_called_like_the_second_of_another_keeps_its_name():
    csv = [shown(text_csv=text) for text in "abcd"]
    files = collect_files(notebook(ran("t", *csv[:3]), ran("t-2", csv[3])))
    assert files == {
        "tables/t.csv": b"a",
        "tables/t-3.csv": b"b",
        "tables/t-4.csv": b"c",
        "tables/t-2.csv": b"d",
    }


def test_key_figures_are_collected_in_order():
    cells = [
        ran("a", {"data": {KEY_FIGURES: {"R&D ratio": "6.238"}}}, stream("stdout", "")),
        ran("b", {"data": {KEY_FIGURES: {"Rank": 3, "R&D ratio": "6.24"}}}),
    ]
    assert key_figures(notebook(*cells)) == {"R&D ratio": "6.24", "Rank": "3"}


def test_what_differs_from_run_to_run_is_taken_out():
    times = {"start_time": "2024", "duration": 1.5}
    cell = ran(
        "a",
        stream("stderr", "/tmp/ipykernel_4242/328.py:1: UserWarning: at 0x12\n"),
        shown(text_plain=["<Axes at 0x7f00aa11bb22>\n", "6.238"]),
        error("File /tmp/ipykernel_1/2.py:3, in <module>"),
    )
    cell["metadata"] = {"papermill": times, "execution": times, "tags": []}
    mark = code("e", "")
    mark["metadata"] = {"tags": ["papermill-error-cell-tag"]}
    done = notebook(mark, cell)
    done["metadata"] = {"papermill": {"input_path": "/home/someone/a.ipynb", **times}}
    tidy(done, {"region": "Hunan"})
    assert done["metadata"] == {"papermill": {"parameters": {"region": "Hunan"}}}
    (left,) = done["cells"]
    assert left["metadata"] == {}
    assert left["outputs"][0]["text"] == "<cell>:1: UserWarning: at 0x12\n"
    assert left["outputs"][1]["data"]["text/plain"] == "<Axes at 0x0>\n6.238"
    assert left["outputs"][2]["traceback"] == ["File <cell>:3, in <module>"]


def test_no_parameters_leave_no_trace():
    done = notebook(code("a", "1"))
    tidy(done, {})
    assert done["metadata"] == {}


def test_a_failure_is_found_and_logged():
    done = notebook(
        ran("fine", stream("stdout", "1")),
        ran("boom", stream("stdout", "before\n"), error("\x1b[31mTraceback\x1b[0m"), source="f()"),
    )
    failure = find_failure(done)
    assert failure == Failure(kind="ValueError", message="no such region\nsecond line", cell="boom")
    assert str(failure) == "ValueError: no such region"
    assert failure_log(done, failure) == (
        "ValueError: no such region\n\ncell boom:\n\nf()\n\nbefore\n\nTraceback\n"
    )


def test_a_failure_before_any_cell_is_logged_too():
    failure = Failure(kind="RuntimeError", message="")
    assert failure_log(notebook(code("a", "1")), failure) == "RuntimeError\n"
    assert find_failure(notebook(code("a", "1"))) is None
