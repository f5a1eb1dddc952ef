"""The site: every public name has a place on it, and it builds without a warning."""

import re
import subprocess
import sys

import pytest

import toolkit
from tests.project import PROJECT

DOCS = PROJECT / "docs"


def listed(page):
    blocks = re.findall(r"\.\. autosummary::\n.*?\n\n(.*?)```", page.read_text(), re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_every_public_name_stands_on_one_page_of_the_reference():
    names = [name for page in sorted((DOCS / "reference").glob("*.md")) for name in listed(page)]
    public = [name for name in names if "." not in name]
    assert sorted(public) == sorted(toolkit.__all__)


def test_every_page_is_in_the_contents():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    named = re.findall(r"^((?:[a-z-]+/)?[a-z-]+)$", index, re.MULTILINE)
    files = [*DOCS.rglob("*.md"), *DOCS.glob("*.rst")]
    pages = [page.relative_to(DOCS).with_suffix("").as_posix() for page in files]
    built = ("_build", "reference/generated")
    assert sorted(named) == sorted(
        page for page in pages if page != "index" and not page.startswith(built)
    )


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path):
    words = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(tmp_path / "trees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *words, str(DOCS), str(tmp_path / "site")],
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    gallery = (tmp_path / "site/gallery.html").read_text(encoding="utf-8")
    figures = set(re.findall(r"_images/gallery-[-\w]+\.svg", gallery))
    assert len(figures) == 13
