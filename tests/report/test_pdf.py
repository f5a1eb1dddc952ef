import builtins
import shutil
import subprocess
import sys

import pytest

from tests.report.making import notebook, prose, ran, shown
from toolkit.errors import DataError, DependencyError
from toolkit.figures.fonts import chinese_font
from toolkit.report.page import build_page
from toolkit.report.pdf import check_pdf, write_pdf

needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is not installed; poppler-utils has it"
)
needs_font = pytest.mark.skipif(
    chinese_font() is None, reason="no Chinese font is installed; fonts-noto-cjk has one"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" width="90" height="30">'
    '<text x="5" y="20">图中文字</text></svg>'
)


@pytest.fixture
def drawable():
    try:
        check_pdf()
    except DependencyError as error:
        pytest.skip(str(error))


@pytest.fixture
def page(tmp_path):
    def write(*cells, **options):
        options = {"name": "n", "folder": tmp_path, "parameters": {}} | options
        path = tmp_path / "report.html"
        path.write_text(build_page(notebook(*cells), **options).html, encoding="utf-8")
        return path

    return write


def words(pdf):
    return subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, encoding="utf-8"
    ).stdout


@needs_pdftotext
@needs_font
@pytest.mark.usefixtures("drawable")
def test_chinese_text_is_intact_and_code_is_left_out(page, tmp_path):
    source = page(
        prose("t", "# 湖南：科技金融"),
        ran(
            "d",
            shown(text_html="<table><tr><th>省份</th><td>¥1,674</td></tr></table>"),
            source="f()",
        ),
        ran("f", shown(**{"image_svg+xml": SVG})),
        parameters={"language": "zh"},
    )
    text = words(write_pdf(source, tmp_path / "report.pdf"))
    for said in ("湖南：科技金融", "省份", "¥1,674", "图中文字"):
        assert said in text
    assert "1/1" in text.replace(" ", "")
    assert "f()" not in text
    assert "显示代码" not in text


@needs_pdftotext
@pytest.mark.usefixtures("drawable")
def test_the_code_of_a_cell_that_failed_is_on_paper(page, tmp_path):
    failed = {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["E: no"]}
    source = page(ran("boom", failed, source="g(1)"))
    text = words(write_pdf(source, tmp_path / "report.pdf"))
    assert "g(1)" in text
    assert "E: no" in text


@pytest.mark.usefixtures("drawable")
def test_the_same_page_gives_the_same_bytes(page, tmp_path):
    source = page(prose("t", "# A\n\n## B"), ran("f", shown(**{"image_svg+xml": "<svg/>"})))
    one = write_pdf(source, tmp_path / "one.pdf").read_bytes()
    assert one.startswith(b"%PDF-")
    assert write_pdf(source, tmp_path / "two.pdf").read_bytes() == one


@pytest.mark.usefixtures("drawable")
def test_nothing_is_fetched(page, tmp_path, monkeypatch):
    from weasyprint.urls import URLFetcher

    opened = []
    real = URLFetcher.fetch

    def fetch(self, url, headers=None):
        response = real(self, url, headers)
        opened.append(url)
        return response

    monkeypatch.setattr(URLFetcher, "fetch", fetch)
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG")
    style = f"<p style='background: url({secret.as_uri()})'>a</p>"
    far = "<p style='background: url(http://127.0.0.1:9/x.png)'>b</p>"
    source = page(ran("h", shown(text_html=style + far)), ran("f", shown(image_png="iVBORw0KGgo=")))
    write_pdf(source, tmp_path / "report.pdf")
    assert [url[:10] for url in opened] == ["data:image"]


@pytest.mark.usefixtures("drawable")
def test_letters_that_no_font_has_are_refused_and_other_signs_are_not(page, tmp_path):
    source = page(prose("t", "# \U0001e900 and \U0001e901"))
    with pytest.raises(DependencyError) as caught:
        write_pdf(source, tmp_path / "report.pdf")
    assert str(caught.value) == (
        f"{source} is not put on paper: no installed font has '\U0001e900\U0001e901'. "
        "Install one that does and run it again; for Chinese: apt-get install fonts-noto-cjk "
        "on Debian and Ubuntu, brew install font-noto-sans-cjk-sc on macOS."
    )
    assert not (tmp_path / "report.pdf").exists()
    assert write_pdf(page(prose("t", "# A \ue123")), tmp_path / "report.pdf").is_file()


def test_a_page_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        write_pdf(tmp_path / "none.html", tmp_path / "report.pdf")
    assert str(caught.value) == (
        f"{tmp_path / 'none.html'} does not exist. Give the page of a report (.html)."
    )


def test_without_weasyprint_it_is_said_how_to_get_it(page, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(DependencyError) as caught:
        write_pdf(page(prose("t", "# A")), tmp_path / "report.pdf")
    assert str(caught.value) == (
        "PDF needs WeasyPrint, which is not installed. "
        "Run: pip install 'regional-techfinance-toolkit[pdf]'"
    )


def test_without_its_libraries_it_is_said_how_to_get_them(monkeypatch):
    real = builtins.__import__

    def without_pango(name, *rest):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0': no such file\nmore")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(DependencyError) as caught:
        check_pdf()
    assert str(caught.value) == (
        "PDF needs the Pango library, which WeasyPrint cannot load: cannot load library "
        "'libpango-1.0-0': no such file. Install it: apt-get install libpango-1.0-0 "
        "libpangoft2-1.0-0 libharfbuzz-subset0 on Debian and Ubuntu, brew install pango on macOS."
    )
