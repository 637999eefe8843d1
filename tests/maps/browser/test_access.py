"""Read by everyone: axe, keyboard, small screens, tables that say the same as the picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from map_cases import blocks, small
from waiting import eventually

from reseau_territorial.maps import explore
from reseau_territorial.styles import contrast

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
OPEN_ALL = "() => document.querySelectorAll('details').forEach((part) => { part.open = true; })"
STATES = {
    "initial": "() => {}",
    "search": """() => {
        const box = document.querySelector('#search');
        box.value = 'a';
        box.dispatchEvent(new Event('input')); }""",
    "card": "() => carte.select(0)",
    "compared": """() => { document.querySelector('#card button:nth-of-type(3)').click(); carte.select(3); }""",
    "path": "() => document.querySelector('#card button:nth-of-type(4)').click()",
    "periods": """() => { const box = document.querySelector('fieldset input[type=checkbox]'); box.click(); }""",
    "table": "() => document.querySelectorAll('#tables details').forEach((part) => { part.open = true; })",
    "everything open": OPEN_ALL,
    "filter": "() => document.querySelector('#panel input[type=checkbox]').click()",
}


@pytest.mark.parametrize(
    "theme",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=["light", "dark", "forced"],
)
def test_axe_finds_nothing(open_page, theme):
    """Check 13: A, AA, 2.2 and best practice, in nine states and three themes."""
    assert AXE.exists(), "axe-core is missing: run `make node_modules` (or `npm ci`)"
    page = open_page(explore(blocks(60, periods=True), title="Soixante acteurs"), bypass_csp=True, **theme)
    page.add_script_tag(path=AXE)
    for name, act in STATES.items():
        page.evaluate(act)
        found = page.evaluate(
            """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
            'best-practice']})).violations
            .map((v) => v.id + ': ' + v.nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | '))"""
        )
        assert found == [], name


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent")


def test_the_map_is_reached_in_three_tabs_and_everything_by_keyboard(open_page):
    """Check 14."""
    page = open_page(explore(small()))
    seen = []
    for _ in range(3):
        page.keyboard.press("Tab")
        seen.append(focused(page))
    assert "map" in seen
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("n")
    name = page.locator("#card-title").inner_text()
    assert page.locator("#live").inner_text().startswith(name)
    page.keyboard.press("n")
    assert page.locator("#card-title").inner_text() != name
    page.keyboard.press("Enter")
    assert focused(page) == "card-title"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("carte.state().ego") == 1
    page.keyboard.press("Escape")
    assert focused(page) == "map"
    before = page.evaluate("carte.place(0)")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("+")
    assert eventually(lambda: page.evaluate("carte.place(0)") != before)
    page.keyboard.press("Escape")
    assert page.evaluate("carte.state().selected") == -1


def test_the_skip_link_goes_to_the_map(open_page):
    page = open_page(explore(small()))
    page.keyboard.press("Tab")
    assert focused(page) == "Aller à la carte"
    page.keyboard.press("Enter")
    page.keyboard.press("n")
    assert page.locator("#card").is_visible()


def test_one_tab_stop_per_group_of_boxes(open_page):
    page = open_page(explore(blocks(60)))
    stops = page.evaluate(
        "[...document.querySelectorAll('fieldset')].map((f) => f.querySelectorAll('input[tabindex=\"0\"]').length)"
    )
    assert set(stops) == {1}
    page.locator("fieldset input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.evaluate("carte.state().layers") == [True, False, True, True]


def test_focus_is_never_trapped(open_page):
    page = open_page(explore(small()))
    page.evaluate("carte.select(0)")
    seen = []
    for _ in range(120):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement === document.body ? 'body' : 'inside'")
        seen.append(here)
        if here == "body":
            break
    assert seen[-1] == "body"


def test_one_column_on_a_phone(open_page):
    """Check 15."""
    page = open_page(explore(blocks(60)), width=320, height=640)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("#map").bounding_box()["width"] >= 280
    page.evaluate("carte.select(0)")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("width", [320, 1280])
def test_targets_are_large_enough(open_page, width):
    """Check 15: 24 px, or a label as large around the box."""
    page = open_page(explore(small()), width=width)
    page.evaluate("carte.select(0)")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    small_ones = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input, summary, a')].filter((el) => el.offsetParent)
        .map((el) => [el, (el.closest('label') || el).getBoundingClientRect()])
        .filter(([el, box]) => (box.width < 24 || box.height < 24) && !el.matches('.skip'))
        .map(([el, box]) => el.outerHTML.slice(0, 90) + ' ' + box.width + 'x' + box.height)"""
    )
    assert small_ones == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_pressed_button_under_the_pointer_stays_readable(open_page, theme):
    page = open_page(explore(small()), color_scheme=theme)
    page.evaluate("carte.select(0)")
    page.get_by_role("button", name="Partenaires", exact=True).click()
    pressed = page.locator("button[aria-pressed=true]")
    colors = pressed.evaluate("(el) => ['color', 'backgroundColor'].map((key) => getComputedStyle(el)[key])")
    ink, paper = ("#" + "".join(f"{int(part):02X}" for part in re.findall(r"\d+", color)[:3]) for color in colors)
    assert contrast(ink, paper) >= 4.5


def long_silos():
    """Twelve communities of communes whose names begin alike."""
    net = blocks(120, territories=12)
    names = "Communauté de communes du " + net.actors["territory"].astype("str") + " et des Hauts"
    return net.replace(actors=net.actors.assign(territory=names))


def test_silos_that_begin_alike_are_told_apart_on_a_phone(open_page):
    page = open_page(explore(long_silos(), by="territory"), width=360, height=740)
    names = [label["text"].split(" (")[0] for label in page.evaluate("carte.labels()") if label["actor"] < 0]
    assert len(names) == len(set(names)) == 12
    assert all("Communauté" not in name for name in names)


def test_no_silo_is_named_far_from_its_disc(open_page):
    page = open_page(explore(long_silos(), by="territory"))
    page.evaluate("carte.select(10)")
    page.get_by_role("button", name="Partenaires", exact=True).click()
    numbers = [label["label"] for label in explore(long_silos(), by="territory").data.content["groups"]]
    frames = page.evaluate("carte.frames()")
    named = [label for label in page.evaluate("carte.labels()") if label["actor"] < 0]
    assert named
    for label in named:
        text = label["text"].split(" (")[0].strip("…")
        x, _, r = frames[next(i for i, name in enumerate(numbers) if text in name)]
        assert label["box"][0] < x + r
        assert label["box"][2] > x - r


def test_every_control_is_reached_by_keyboard_and_shows_it(open_page):
    """Check 14: Tab stops at each control that can be used, or at its group, with an outline that is seen."""
    page = open_page(explore(blocks(60, periods=True)))
    page.evaluate("carte.select(0)")
    page.evaluate(OPEN_ALL)
    page.evaluate(
        """() => {
        const usable = 'button, select, input, textarea, summary, a[href], [tabindex="0"]';
        window.__left = new Set([...document.querySelectorAll(usable)].filter((el) => el.offsetParent
          && !el.disabled && !el.closest('fieldset')));
        for (const group of document.querySelectorAll('fieldset')) if (group.offsetParent) window.__left.add(group);
        document.activeElement.blur(); }"""
    )
    stops = page.evaluate("window.__left.size")
    assert stops > 20
    hidden = []
    for _ in range(2 * stops + 200):
        page.keyboard.press("Tab")
        name, width, left = page.evaluate(
            """() => { const el = document.activeElement;
            for (const one of [el, el.closest('fieldset')]) window.__left.delete(one);
            const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(el);
            const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 || boxShadow !== 'none';
            return [el.id || el.textContent || el.tagName, seen || el === document.body, window.__left.size]; }"""
        )
        if not width:
            hidden.append(name)
        if not left:
            break
    assert page.evaluate("[...window.__left].map((el) => el.outerHTML.slice(0, 120))") == []
    assert hidden == []


def rows(page, table):
    found = []
    while True:
        found += table.locator("tbody tr").all_inner_texts()
        following = table.get_by_role("button", name="Suivante")
        if not following.count() or following.is_disabled():
            return found
        following.click()


def test_tables_hold_every_actor_and_tie_that_is_seen(open_page):
    """Check 16, before and after a filter."""
    net = blocks(250)
    page = open_page(explore(net))
    actors, ties = page.locator("#tables details").all()
    for table in (actors, ties):
        table.locator("summary").click()
    assert page.evaluate("carte.shown()") == {"actors": len(net), "ties": len(net.ties)}
    names = net.actors["name"]
    assert sorted(row.split("\t")[0] for row in rows(page, actors)) == sorted(names)
    told = sorted(tuple(sorted(row.split("\t")[:2])) for row in rows(page, ties))
    ends = zip(net.ties["source"].map(names), net.ties["target"].map(names), strict=True)
    assert told == sorted(tuple(sorted(pair)) for pair in ends)
    page.locator("label.check", has_text="Public124").locator("input").uncheck()
    shown = page.evaluate("carte.shown()")
    assert 0 < shown["actors"] < len(net)
    for table, count in ((actors, shown["actors"]), (ties, shown["ties"])):
        if table.get_by_role("button", name="Précédente").count():
            while table.get_by_role("button", name="Précédente").is_enabled():
                table.get_by_role("button", name="Précédente").click()
        assert len(rows(page, table)) == count


def test_tables_sort_and_select(open_page):
    page = open_page(explore(small()))
    table = page.locator("#tables details").first
    table.locator("summary").click()
    table.get_by_role("button", name="Nom").click()
    names = table.locator("tbody td:first-child").all_inner_texts()
    assert names == ["Atelier B", "Couturières", "École", "Métropole", "Préfecture d’Indre-et-Loire", "Ville de Tours"]
    assert table.locator("th").first.get_attribute("aria-sort") == "ascending"
    table.get_by_role("button", name="École").click()
    assert page.locator("#card-title").inner_text() == "École"


def test_the_page_without_script_still_says_the_essential(chromium, tmp_path):
    path = explore(small()).save(tmp_path / "c.html")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    text = page.locator("body").inner_text()
    assert "Le réseau réunit 6 acteurs" in text
    assert "Info Tours, Masques" in text
    context.close()
