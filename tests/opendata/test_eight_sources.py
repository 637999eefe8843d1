"""Eight sources of one country on one register: nobody twice, every euro kept, the matches told."""

from __future__ import annotations

import pandas as pd
import pytest

from reseau_territorial.opendata import (
    join,
    read_banatic,
    read_cog,
    read_contracts,
    read_directory,
    read_france_services,
    read_grants,
    read_programmes,
    read_state_grants,
    to_vintage,
)


@pytest.mark.slow
def test_eight_sources_on_one_register(shared):
    communes = read_cog(shared / "cog-epci/2026").network
    territory = read_banatic(shared / "banatic/groupements-2021.csv", territory=communes, vintage=2026).network
    added = {
        "grants": read_grants(
            shared / "subventions/pays-de-la-loire-agrege/donnees_subventions_agregees_PDL_44_49_72_utf8.csv.gz"
        ),
        "contracts": read_contracts(shared / "decp/2024-format-tabulaire/decp-2024H2-travaux-cpv4521.csv.gz"),
        "state": read_state_grants(sorted((shared / "subventions").glob("etat-[adp]*/*.[gx]*"))),
        "directory": read_directory(shared / "annuaire-administration/annuaire-2019.csv.gz"),
        "programmes": read_programmes(shared / "programmes-anct/ngeo-anct-cog2023.csv.gz"),
        "desks": read_france_services(sorted((shared / "france-services").glob("*.gz"))),
    }
    net, rates = territory, {}
    for name, reading in added.items():
        met = join(net, reading.network)
        ties = len(net.ties) + len(reading.network.ties)
        net, rates[name] = met.network, met.rates["share"]
        assert len(net.ties) == ties, name
        matched = met.matches["register"].dropna()
        assert matched.is_unique, name
        theirs, ours = reading.network.actors.reindex(matched.index), net.actors.reindex(matched)
        for key in ("siren", "rna"):  # a match is by an identifier: it never joins two that differ
            both = pd.DataFrame({"ours": ours[key].to_numpy(), "theirs": theirs[key].to_numpy()}).dropna()
            assert both["ours"].eq(both["theirs"]).all(), (name, key)
        kept = set(zip(met.aliases["actor"], met.aliases["alias"], strict=True))
        named = theirs["name"].notna().to_numpy()
        assert set(zip(matched[named], theirs["name"][named], strict=True)) <= kept, name

    assert net.actors["siren"].dropna().is_unique
    euros = {layer: rows.sum() for layer, rows in net.ties["weight"].groupby(net.ties["layer"])}
    assert euros["grant"] == pytest.approx(added["grants"].report.euros + added["state"].report.euros, abs=0.01)
    assert euros["contract"] == pytest.approx(added["contracts"].report.euros, abs=0.01)
    assert rates["contracts"]["commune"] > 0.97
    assert not any(shares.get("sole_trader", 0) for shares in rates.values())  # masked: nobody knows who they are
    assert rates["programmes"]["commune"] > 0.97
    assert rates["state"]["commune"] > 0.997
    assert rates["state"]["epci"] > 0.98
    # The others: districts of Paris, Lyon and Marseille, and a commune merged since.
    assert rates["desks"]["commune"] > 0.99


@pytest.mark.slow
def test_codes_of_another_year_meet_once_moved_to_the_year_of_the_register(shared):
    register = read_cog(shared / "cog-epci/2026").network
    grants = read_state_grants(sorted((shared / "subventions").glob("etat-[adp]*/*.[gx]*"))).network
    moved = to_vintage(grants, 2026).network
    rates = join(register, moved).rates["share"]
    assert moved.ties["weight"].sum() == pytest.approx(grants.ties["weight"].sum(), abs=0.01)
    assert rates["commune"] == 1
    assert rates["epci"] > join(register, grants).rates["share"]["epci"]
    assert rates["epci"] > 0.995
