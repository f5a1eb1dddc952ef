"""Each notebook in a real JupyterLab in a real browser, run whole, as a reader would."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.browser import CHROMIUM, open_browser
from tests.project import PROJECT

NOTEBOOKS = sorted(path.name for path in (PROJECT / "notebooks").glob("*.ipynb"))
TOKEN = "a-token-of-the-tests"
SECONDS = 240

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: tests/install-system-packages"),
]


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def settings(folder):
    """Keep every cell on the page, so that each can be looked at; ask for no kernel, no news."""
    tracker = folder / "lab/user-settings/@jupyterlab/notebook-extension"
    news = folder / "lab/user-settings/@jupyterlab/apputils-extension"
    for place in (tracker, news):
        place.mkdir(parents=True)
    (tracker / "tracker.jupyterlab-settings").write_text(
        '{"windowingMode": "none", "autoStartDefaultKernel": true}'
    )
    (news / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}'
    )


@pytest.fixture(scope="module")
def opened(project, tmp_path_factory):
    """Return a copy of the project, since JupyterLab writes into its notebooks."""
    return shutil.copytree(project, tmp_path_factory.mktemp("lab") / "project", symlinks=True)


@pytest.fixture(scope="module")
def lab(opened, tmp_path_factory):
    """Start JupyterLab on the project, with a home of its own; end it with its kernels."""
    home = tmp_path_factory.mktemp("home")
    settings(home)
    port = free_port()
    said = home / "jupyterlab.log"
    words = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={opened}",
    ]
    with said.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *words],
            env=os.environ
            | {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "IPYTHONDIR": str(home / "i")}
            | {"JUPYTERLAB_SETTINGS_DIR": str(home / "lab/user-settings")}
            | {"JUPYTER_PREFER_ENV_PATH": "1", "MPLBACKEND": ""},
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, server, said)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address, server, said):
    for _ in range(240):
        assert server.poll() is None, said.read_text()
        try:
            with urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not answer: {said.read_text()}")


@pytest.fixture(scope="module")
def browser():
    with open_browser() as started:
        yield started


def run_whole(page, address, name):
    """Open a notebook, run all cells by the menu, wait for the last, and save it."""
    page.goto(f"{address}/lab/tree/notebooks/{name}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=SECONDS * 1000)
    page.get_by_text("| Idle").wait_for(timeout=90_000)
    page.get_by_role("menuitem", name="Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.wait_for_function(
        """() => {
            const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
            const said = prompts.map((prompt) => prompt.textContent.trim());
            const error = "[data-mime-type='application/vnd.jupyter.error']";
            const failed = document.querySelector(error);
            return failed || (said.length && said.every((text) => /^\\[\\d+\\]:$/.test(text)));
        }""",
        timeout=SECONDS * 1000,
    )
    page.get_by_role("menuitem", name="File", exact=True).first.click()
    page.get_by_text("Save Notebook", exact=True).first.click()


def saved(path):
    """Return the code cells of the saved notebook, once it is on disk."""
    for _ in range(60):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        if all(cell["execution_count"] for cell in code):
            return code
        time.sleep(0.5)
    pytest.fail(f"{path.name} was not saved as run")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_whole_and_shows_no_error(lab, browser, opened, name):
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    try:
        run_whole(page, lab, name)
        outputs = [out for cell in saved(opened / "notebooks" / name) for out in cell["outputs"]]
        shown = page.locator("img.jp-RenderedImage, .jp-RenderedImage img").count()
    finally:
        page.close()
    assert [out for out in outputs if out["output_type"] == "error"] == []
    assert [out["text"] for out in outputs if out.get("name") == "stderr"] == []
    assert broken == []
    figures = [out for out in outputs if "image/png" in out.get("data", {})]
    assert shown == len(figures)


def test_completion_and_help_are_there(project):
    from jupyter_client.manager import start_new_kernel

    kernel, client = start_new_kernel(cwd=str(project))
    try:
        client.execute_interactive("import toolkit as tk", timeout=SECONDS)
        completed = client.complete("tk.capital_", reply=True, timeout=SECONDS)["content"]
        assert "capital_magnetism" in "".join(completed["matches"])
        told = client.inspect("tk.capital_magnetism", reply=True, timeout=SECONDS)["content"]
        text = re.sub(r"\x1b\[[0-9;]*m", "", told["data"]["text/plain"])
        for part in ("window: 'Window'", "Parameters", "References", "Examples"):
            assert part in text
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
