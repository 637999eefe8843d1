"""The five jobs of an analyst, from the data to what is handed over; each is a notebook too."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import reseau_territorial as rt
from reseau_territorial import opendata
from reseau_territorial.governance import facilitators, governance_mode

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def test_tours_the_network_of_masks(tmp_path: Path) -> None:
    """A coded case, every tie with its source; a map, a sheet of A3, a report in French."""
    net = rt.samples.tours_masks()
    crisis = net.select(period="crisis")
    present = crisis.ties[crisis.ties["status"] == "present"]
    proofs = present["evidence"].str.split(";").explode()
    assert len(present) == 37
    assert set(proofs) <= set(net.sources.index)

    table = rt.measure(crisis, ["degree", "betweenness"])
    assert table["betweenness"].idxmax() == "ville_tours"
    assert table.loc["ville_tours"].round(2).to_dict() == {"degree": 12, "betweenness": 46.67}
    test = rt.permutation_test(crisis, rt.network_silo, by="sector")
    assert (round(test.observed, 3), round(test.expected, 2)) == (-0.179, -0.42)
    assert 0.1 < test.pvalue < 0.25

    sheet = rt.plot(crisis, by="sector", size=table["betweenness"]).save(tmp_path / "a3.pdf", size="A3").read_bytes()
    width, height = map(float, re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", sheet).groups())
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (420, 297)
    rt.explore(net, by="sector").save(tmp_path / "map.html")
    assert "Couturières Masquées" in (tmp_path / "map.html").read_text(encoding="utf-8")
    rt.report(net, by="sector", n_resamples=99).save(tmp_path / "report.html")
    told = re.sub(r"<[^>]+>", "", (tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "Ville de Tours" in told
    assert "Sur 37 liens de la" in told


def test_who_does_what_in_indre_et_loire() -> None:
    """Open data of memberships and competences: gaps, duplicates, delegations, doors to knock on."""
    net = rt.samples.indre_et_loire()
    communes = net.actors.index[net.actors["kind"] == "commune"]
    memberships = net.ties.query("layer == 'membership'").groupby("source")["target"].nunique()
    assert len(communes) == 272
    assert memberships.reindex(communes, fill_value=0).mean() == pytest.approx(4.48, abs=0.005)

    held = net.provision.query("need != 'france_services'")
    states = rt.duplicates(net, needs=sorted(held["need"].unique()))
    tended = states[states["state"] != "gap"]
    assert len(tended) == 9849
    assert (tended["providers"] > 1).mean() == pytest.approx(0.142, abs=0.0005)

    doors = rt.contacts(net, users=list(communes), layer="membership")
    assert doors["actual"].mean() == pytest.approx(4.34, abs=0.005)
    assert doors["minimum"].mean() == pytest.approx(1.48, abs=0.005)
    lost = rt.continuity(net, served="territories")["lost"]
    assert net.actors.loc[lost.idxmax(), "name"] == "CC Loches Sud Touraine"
    assert lost.max() == 2225


def test_what_is_left_after_the_lockdown() -> None:
    """A survey in two waves with missing answers: retention with its bounds, against chance."""
    folder = NOTEBOOKS / "donnees"
    net = rt.read_survey(
        folder / "enquete-exercice.csv",
        actors=folder / "enquete-exercice-acteurs.csv",
        layer="cooperation",
        directed=False,
    )
    born = rt.retention(net, before="crisis", after="after", new_since="before")
    assert born[["ties", "kept", "lost", "unknown"]].to_list() == [19, 7, 2, 10]
    # By hand: 7 of 19 if all unknown ties ceased, 17 of 19 if all lasted, 7 of the 9 that are known.
    assert born[["lower", "observed", "upper"]].to_list() == pytest.approx([7 / 19, 7 / 9, 17 / 19])
    lasting = rt.persistence(net, before="before", crisis="crisis", after="after")
    assert lasting.loc["crisis-born", "lower"] > lasting.loc["crisis-born", "expected"]
    assert lasting.loc["crisis-born", "upper"] > lasting.loc["inherited", "lower"]


def test_public_money() -> None:
    """Grants and contracts: accounts to the cent, concentration, public to private."""
    folder = rt.samples.folder("argent_public")
    grants, account = opendata.read_grants(folder / "conventions-de-subventions-49.csv")
    assert account.euros == pytest.approx(8_327_364.88, abs=0.005)
    contracts, spent = opendata.read_contracts(folder / "decp-2024H2-travaux-49.csv")
    column = pd.read_csv(folder / "decp-2024H2-travaux-49.csv")["montant"].sum()
    assert spent.euros == pytest.approx(39_913_753.22, abs=0.005)
    assert spent.totals["euros"].sum() == pytest.approx(column, abs=0.005)

    register, _ = opendata.read_cog(folder / "perimetre-epci-a-fp-2025-49.csv")
    joined = opendata.join(opendata.join(register, grants).network, contracts)
    rates = joined.rates
    assert rates.loc["all", ["actors", "matched"]].to_list() == [83, 9]
    money = joined.network
    paid = money.ties.query("layer == 'contract'").groupby("target")["weight"].sum()
    assert paid.sum() == pytest.approx(spent.euros, abs=0.005)
    assert paid.nlargest(10).sum() / paid.sum() == pytest.approx(0.66, abs=0.005)


@pytest.mark.slow
def test_is_the_intercommunality_a_facilitator() -> None:
    """Eleven territories compared: what each would lose, how surely, and the mode of governance."""
    net = rt.samples.indre_et_loire()
    contacts = net.replace(ties=net.ties[net.ties["direct"] != "False"], layers=net.layers.assign(directed=False))
    actors = contacts.actors
    cards, modes = {}, {}
    for code in actors.index[actors["kind"] == "epci"]:
        communes = actors.index[(actors["kind"] == "commune") & (actors["epci"] == code)]
        inside = [*communes, code]
        ties = contacts.ties[contacts.ties["source"].isin(inside) | contacts.ties["target"].isin(communes)]
        part = contacts.select(actor=sorted({*inside, *ties["source"], *ties["target"]}))
        card = facilitators(part, by="kind", n_resamples=39)
        assert card["loss"].idxmax() == code
        cards[actors.loc[code, "name"]] = card.loc[code]
        modes[code] = governance_mode(part, n_resamples=9).mode
    table = pd.DataFrame(cards).T
    assert len(table) == 11
    assert table["loss"].min() == pytest.approx(0.41, abs=0.005)
    assert table["loss"].idxmin() == "CC Loches Sud Touraine"
    assert table["loss"].max() == pytest.approx(0.875, abs=0.0005)
    assert table["low"].max() < table["high"].min(), "every interval meets every other: no ranking"
    assert len(set(modes.values())) == 1


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem[:2])
def test_notebooks_are_written_as_french_is_printed(notebook: Path) -> None:
    """No plain space before a double mark of punctuation or inside quotes, no output kept."""
    import json

    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            continue
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
        assert not re.search(r" [:;!?»](\s|$|\*)|« ", prose), text[:80]
        assert "'" not in re.sub(r"\]\([^)]*\)", "", prose), text[:80]
