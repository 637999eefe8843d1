"""JupyterLab for real: a notebook that is not trusted, one that is run, and its export. Checks 17 and 18."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from matplotlib.image import imread
from waiting import eventually

nbformat = pytest.importorskip("nbformat")

HERE = Path(__file__).parents[1]
CELL = f"""import sys
sys.path.insert(0, {str(HERE)!r})
from map_cases import small
from reseau_territorial.maps import explore
explore(small(), title="Carte de test")
"""


def notebook(with_output):
    nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    cell = nbformat.v4.new_code_cell(CELL)
    if with_output:
        from map_cases import small

        from reseau_territorial.maps import explore

        data = explore(small(), title="Carte de test")._repr_mimebundle_()
        cell.outputs = [nbformat.v4.new_output("execute_result", data=data, execution_count=1)]
    nb.cells = [cell]
    return nb


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab server on the loopback address, in a folder of its own."""
    folder = tmp_path_factory.mktemp("lab")
    nbformat.write(notebook(True), folder / "untrusted.ipynb")
    nbformat.write(notebook(False), folder / "run.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    env = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home / "data")}
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
    ]
    command += ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={folder}"]
    server = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(480):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=1).close()
            break
        except OSError:
            time.sleep(0.5)
    else:
        server.terminate()
        pytest.fail("JupyterLab did not start")
    yield f"http://127.0.0.1:{port}", folder
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture
def lab_page(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.outside = []
    page.on("request", lambda request: _outside(request.url) and page.outside.append(request.url))
    yield page
    context.close()


def _outside(url):
    # JupyterLab itself looks for news and extensions; what counts is what our frame asks for.
    return not url.startswith(("http://127.0.0.1", "data:", "blob:", "about:")) and "jupyter" not in url


def test_an_untrusted_notebook_shows_the_picture(lab, lab_page):
    address, _ = lab
    lab_page.goto(f"{address}/lab/tree/untrusted.ipynb")
    picture = lab_page.locator(".jp-OutputArea-output img")
    picture.wait_for()
    assert picture.get_attribute("alt").startswith("Le réseau réunit 6 acteurs")
    assert picture.evaluate("(image) => image.naturalWidth") > 800
    assert _dark(picture) > 0.003
    assert lab_page.locator(".jp-OutputArea-output figcaption", has_text="Le réseau réunit 6 acteurs").is_visible()
    assert lab_page.locator(".jp-OutputArea-output iframe").count() == 0
    assert lab_page.outside == []


def test_a_cell_that_is_run_shows_the_map(lab, lab_page):
    address, folder = lab
    before = sorted(path.name for path in folder.iterdir())
    lab_page.goto(f"{address}/lab/tree/run.ipynb?reset")
    lab_page.locator(".jp-Notebook .jp-Cell").first.click()
    lab_page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for()
    lab_page.keyboard.press("Shift+Enter")
    frame = lab_page.locator(".jp-OutputArea-output iframe")
    frame.wait_for()
    inside = next(one for one in _frames(lab_page) if one.locator("#map").count())
    inside.locator("#counts", has_text="6 acteurs sur 6").wait_for()
    assert frame.get_attribute("sandbox") == "allow-scripts allow-downloads"
    assert eventually(lambda: _ink(inside) > 0.003)
    assert eventually(lambda: _dark(frame) > 0.003)
    assert frame.bounding_box()["height"] > 500
    with lab_page.expect_download() as waiting:
        inside.locator("details", has_text="Exporter et imprimer").evaluate("(part) => { part.open = true; }")
        inside.get_by_role("button", name="SVG", exact=True).click()
    assert waiting.value.suggested_filename == "carte-de-test.svg"
    assert lab_page.outside == []
    left = sorted(path.name for path in folder.iterdir() if not path.name.startswith((".", "Untitled")))
    assert left == [name for name in before if not name.startswith(".")]


def _frames(page):
    for _ in range(60):
        found = page.frames[1:]
        if found:
            return found
        page.wait_for_timeout(500)
    return []


def _dark(seen):
    """Return the share of dark pixels in what a reader sees of an element."""
    pixels = imread(io.BytesIO(seen.screenshot()))[..., :3]
    return (pixels.min(axis=2) < 0.6).mean()


def _ink(frame):
    """Return the share of the pixels of the map that are not the background."""
    return frame.locator("canvas").evaluate(
        """(canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let ink = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] < 600) ink++;
        return ink / (data.length / 4); }"""
    )


def test_an_exported_notebook_opens_offline_and_draws(chromium, tmp_path):
    """Check 18: nbconvert keeps the frame, and nothing is left in the folder."""
    nbformat.write(notebook(True), tmp_path / "carte.ipynb")
    subprocess.run(
        [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--log-level=ERROR", "carte.ipynb"],
        cwd=tmp_path,
        check=True,
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["carte.html", "carte.ipynb"]
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.route("http**/*", lambda route: route.abort())
    page.goto((tmp_path / "carte.html").as_uri(), wait_until="domcontentloaded")
    inside = next(one for one in _frames(page) if one.locator("#map").count())
    inside.locator("#counts", has_text="6 acteurs sur 6").wait_for()
    assert eventually(lambda: _ink(inside) > 0.003)
    context.close()
