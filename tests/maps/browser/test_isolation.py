"""Nothing leaves, nothing hostile runs, nothing else is needed: network, policy, WebGL, determinism."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import pytest
from map_cases import ATTACKS, hostile, small
from matplotlib.image import imread
from pypdf import PdfReader
from waiting import eventually, next_frames, wait_until

from reseau_territorial.maps import explore, to_pyvis
from reseau_territorial.maps._words import PAGE, TOLD

# What the browser says of itself when the policy of a page stops something.
WATCH = """
window.__problems = [];
addEventListener('securitypolicyviolation', (event) => window.__problems.push('csp ' + event.violatedDirective));
"""
OPEN_ALL = "document.querySelectorAll('details').forEach((part) => { part.open = true; })"
INLINE = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


def use_everything(page):
    """Hover, click, search, sort, export: each control once."""
    origin = page.locator("#map").bounding_box()
    for actor in range(page.evaluate("carte.shown().actors")):
        x, y, _ = page.evaluate(f"carte.place({actor})")
        page.mouse.move(origin["x"] + x, origin["y"] + y)
        next_frames(page)
    page.evaluate("carte.select(0)")
    for name in ("Partenaires", "Épingler", "Partenaires"):
        page.locator("#card").get_by_role("button", name=name, exact=True).click()
    page.evaluate("carte.select(1)")
    page.get_by_role("button", name="Chemin depuis l’épinglé").click()
    page.get_by_label("Rechercher un acteur").fill("a")
    page.get_by_label("Rechercher un acteur").press("Escape")
    page.evaluate(OPEN_ALL)
    for head in page.locator("#tables th button").all():
        head.click()
    page.evaluate(OPEN_ALL)
    for box in page.locator("#panel input[type=checkbox]").all():
        box.click()
        box.click()
    for tool in page.locator("#tools button:visible:enabled").all():
        tool.click()
    return exports(page)


def exports(page):
    files = {}
    page.evaluate(OPEN_ALL)
    for name in ("PNG", "SVG", "PDF", "CSV acteurs", "CSV liens", "GEXF"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name, exact=True).click()
        files[name] = waiting.value.path().read_bytes()
    return files


def test_no_outside_request_whatever_is_clicked(open_page):
    """Check 7; the fixture fails on any request, error or violation."""
    page = open_page(explore(small()))
    use_everything(page)


def test_a_request_made_by_force_is_refused(chromium, map_file):
    """By the policy of the page itself: a network that is not there would refuse too."""
    page = chromium.new_page()
    page.add_init_script(WATCH)
    page.route("http**/*", lambda route: route.fulfill(status=200, headers={"access-control-allow-origin": "*"}))
    page.goto(map_file(60).as_uri())
    assert page.evaluate("fetch('https://example.org').then(() => 'sent', () => 'refused')") == "refused"
    page.evaluate("new Image().src = 'https://example.org/a.png'")
    page.evaluate("navigator.sendBeacon('https://example.org/b')")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), { src: 'https://example.org' }))"
    )
    refused = {"csp connect-src", "csp img-src", "csp script-src-elem"}
    assert eventually(lambda: {" ".join(one.split()[:2]) for one in page.evaluate("window.__problems")} == refused)
    page.close()


def test_hostile_texts_never_run(open_page):
    """Check 11, in every field, through every control and every export."""
    page = open_page(
        explore(hostile(), title=ATTACKS[0], author=ATTACKS[1], date=ATTACKS[4], caveats=ATTACKS, size=ATTACKS[0])
    )
    files = use_everything(page)
    page.evaluate("carte.select(2)")
    assert (
        page.evaluate("(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('#card'))")
        == 0
    )
    for extra in ("kind", "territory"):
        use_everything(open_page(explore(hostile(), color=extra, by=extra)))
    use_everything(open_page(explore(hostile(), layout="force", aggregate_above=3)))
    assert page.evaluate("window.__xss") is None
    # No mark that turns the line or ends it is left, in what is seen or in the data.
    assert not re.search("[\u2028-\u202e\u2066-\u2069]", page.evaluate("document.documentElement.outerHTML"))
    reader = PdfReader(io.BytesIO(files["PDF"]), strict=True)
    assert not {"/OpenAction", "/AA", "/Names", "/AcroForm"} & set(reader.trailer["/Root"])
    assert "/Annots" not in reader.pages[0]
    assert ATTACKS[0] in reader.pages[0].extract_text()
    for name in ("SVG", "GEXF"):
        root = ElementTree.fromstring(files[name])
        assert not [node for node in root.iter() if node.tag.endswith(("script", "img"))]
        assert not [key for node in root.iter() for key in node.attrib if key.startswith("on")]
    for name in ("CSV acteurs", "CSV liens"):
        cells = re.findall(r'(?:^|;)"?([=+\-@][^;\n]*)', files[name].decode("utf-8-sig"), flags=re.M)
        assert [cell for cell in cells if not re.fullmatch(r"-?[\d,]+", cell)] == []


def test_a_pyvis_page_of_hostile_texts_runs_nothing_asks_for_nothing_and_stands_still(chromium, tmp_path):
    """`to_pyvis`: each tie of the network is drawn, each popup is shown, at once and at fixed positions."""
    picture = to_pyvis(hostile(), color="kind")
    picture.write_html(str(tmp_path / "p.html"))
    page = chromium.new_page()
    seen = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto((tmp_path / "p.html").as_uri())
    wait_until(page, "Boolean(window.network)")
    places = page.evaluate("network.getPositions()")
    assert page.evaluate("[nodes.length, edges.length]") == [len(ATTACKS), len(hostile().ties)]
    for actor in range(len(ATTACKS)):
        x, y = page.evaluate(
            f"""() => {{ const at = network.canvasToDOM(network.getPositions([{actor}])[{actor}]);
            const box = document.querySelector('canvas').getBoundingClientRect();
            return [at.x + box.x, at.y + box.y]; }}"""
        )
        page.mouse.move(x, y)
        page.wait_for_timeout(350)  # what vis-network waits before it shows a popup
        page.mouse.click(x, y)
    popup = page.locator(".vis-tooltip")
    assert popup.count() == 1
    assert popup.locator("*").count() == 0
    assert page.evaluate("network.getPositions()") == places
    assert page.evaluate("window.__xss") is None
    assert seen == [(tmp_path / "p.html").as_uri()]
    page.close()


class Headers(SimpleHTTPRequestHandler):
    policy = ""

    def end_headers(self):
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *args):
        """Stay quiet."""


@pytest.fixture
def serve(tmp_path):
    servers = []

    def start(policy):
        handler = type("Handler", (Headers,), {"policy": policy})
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(tmp_path)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("policy", [INLINE, "sandbox allow-scripts allow-downloads"])
def test_one_file_under_strict_headers(open_page, serve, tmp_path, policy):
    """Check 12: no violation, alone or under the headers of a careful server."""
    explore(small()).save(tmp_path / "carte.html")
    page = open_page(f"{serve(policy)}/carte.html")
    assert page.evaluate("carte.shown()") == {"actors": 6, "ties": 9}
    page.evaluate("carte.select(0)")


def test_folder_under_default_src_self(open_page, serve, tmp_path):
    """Check 12, folder mode, where no single file works."""
    explore(small()).save(tmp_path / "dossier")
    (tmp_path / "favicon.ico").write_bytes(b"")
    address = serve("default-src 'self'")
    page = open_page(f"{address}/dossier/index.html")
    use_everything(page)
    assert page.evaluate("carte.shown().actors") == 6


def test_a_network_that_never_answers_changes_nothing(chromium, map_file):
    """Check 8: nothing is asked of the network, and a route that would hold each request for 20 s holds nothing."""
    times, asked = [], []

    def never_answer(route):
        asked.append(route.request.url)
        time.sleep(20)

    for slow in (False, True):
        context = chromium.new_context()
        page = context.new_page()
        if slow:
            page.route("http**/*", never_answer)
        start = time.perf_counter()
        page.goto(map_file(1000).as_uri())
        wait_until(page)
        times.append(time.perf_counter() - start)
        context.close()
    assert asked == []
    assert times[1] < times[0] + 10  # half of what one request would cost: other work on the machine may come between


def test_same_picture_without_webgl(launch, chromium, map_file, shot):
    """Check 9."""
    pictures = []
    for browser in (chromium, launch("--disable-3d-apis")):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(map_file(300).as_uri())
        wait_until(page)
        pictures.append(shot(page))
        context.close()
        if browser is not chromium:
            browser.close()
    assert pictures[0] == pictures[1]
    assert inked(pictures[0])


def test_same_pixels_on_three_loads(open_page, map_file, shot):
    """Check 10; the bytes are compared in test_data.py."""
    pictures = {shot(open_page(map_file(300))) for _ in range(3)}
    assert len(pictures) == 1
    assert inked(pictures.pop())


def inked(picture):
    """Tell whether a picture shows a map: blank ones are equal too."""
    return (imread(io.BytesIO(picture))[..., :3].min(axis=2) < 0.6).mean() > 0.01


def test_no_english_word_in_the_french_page(open_page):
    """Check 27, on the text of the page itself."""
    page = open_page(explore(small()))
    page.evaluate("carte.select(0)")
    page.evaluate(OPEN_ALL)
    texts = page.evaluate(
        """() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
        while (walker.nextNode()) {
          const { parentElement, data } = walker.currentNode;
          if (!parentElement.closest('script, style, textarea')) texts.push(data);
        }
        for (const el of document.querySelectorAll('[aria-label], [title], [placeholder]'))
          texts.push(el.ariaLabel || '', el.title || '', el.getAttribute('placeholder') || '');
        return texts; }"""
    )
    english = re.compile(
        r"\b(the|actors?|ties?|layers?|weight|with|unknown|lost|kept|search|zoom|filters|undefined|null|NaN)\b"
    )
    assert [text for text in texts if english.search(text)] == []
    words = {english for french, english in (PAGE | TOLD).values() if french != english}
    ours = words - {french for french, _ in (PAGE | TOLD).values()}
    # A word is the same in both languages when it is said here, and not because it was not translated.
    assert len(ours) > 100
    assert {french for french, english in (PAGE | TOLD).values() if french == english} <= {"Source"}
    said = {text.strip() for text in texts}
    assert said & {french for french, _ in (PAGE | TOLD).values()}
    assert said & ours == set()
    assert [text for text in texts if re.search(r"\w [:;!?»]", text)] == []


def test_french_numbers_and_order(open_page, map_file):
    page = open_page(map_file(1000))
    assert "1\u202f000 acteurs" in page.locator("#counts").inner_text()
    page.locator("#tables summary").first.click()
    page.locator("#tables th button").first.click()
    names = page.locator("#tables tbody tr td:first-child").all_inner_texts()
    assert names == sorted(names, key=lambda name: (name.split()[0], int(name.split()[1])))
    assert json.dumps(names[0])
