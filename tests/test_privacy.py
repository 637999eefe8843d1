"""What must not leave the office does not: tested on the bytes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reseau_territorial.errors import UnknownNameError
from reseau_territorial.network import Network
from reseau_territorial.privacy import protect, suppress_small_cells


@pytest.fixture
def net() -> Network:
    ties = pd.DataFrame(
        {
            "source": ["Anne Durand", "Paul Petit EI", "Tours"],
            "target": ["Tours", "Anne Durand", "Artisaloire"],
            "note": ["rencontre Anne Durand", None, "lien public"],
        }
    )
    actors = pd.DataFrame(
        {
            "actor": ["Anne Durand", "Paul Petit EI", "Tours", "Artisaloire"],
            "name": ["Anne Durand", "Paul Petit", "Ville de Tours", "Artisaloire"],
            "kind": ["person", "sole_trader", "commune", "association"],
            "siren": [None, "123456782", "213702616", None],
            "longitude": [0.7, 0.71, 0.69, np.nan],
            "latitude": [47.4, 47.41, 47.39, np.nan],
            "contact": ["anne@example.org", None, "02 47 21 60 00", None],
            "function": ["adjointe", None, None, None],
        }
    )
    provision = pd.DataFrame({"actor": ["Paul Petit EI"], "need": ["masks"]})
    return Network(ties, actors=actors, provision=provision)


def written(net: Network) -> str:
    return "".join(table.reset_index().to_csv() for table in net._tables.values())


@pytest.mark.parametrize("word", ["Durand", "Petit", "123456782", "0.71", "adjointe", "@", "47 21"])
def test_nothing_of_a_person_is_left(net: Network, word: str) -> None:
    assert word in written(net)
    assert word not in written(protect(net))


def test_ties_and_organisations_stay(net: Network) -> None:
    safe = protect(net)
    assert len(safe) == len(net)
    assert safe.ties["note"].dropna().to_list() == ["lien public"]
    assert safe.actors.loc["Tours", "name"] == "Ville de Tours"
    assert safe.actors.loc["Tours", "siren"] == "213702616"
    assert safe.provision["actor"].to_list() == ["Entrepreneur individuel 2"]
    assert safe.ties["target"].to_list() == ["Tours", "Personne physique 1", "Artisaloire"]


def test_kept_on_request_but_without_contacts(net: Network) -> None:
    kept = written(protect(net, persons="keep"))
    assert "Anne Durand" in kept
    assert "anne@example.org" not in kept
    assert "47 21 60" not in kept


def test_a_network_of_organisations_is_left_as_it_is(net: Network) -> None:
    plain = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}))
    assert protect(plain).equals(plain)


def test_a_siret_is_not_a_phone_number() -> None:
    actors = pd.DataFrame({"actor": ["a"], "siret": ["01234567890123"], "code": ["0123456789012"]})
    assert protect(Network(actors=actors)).actors["siret"].to_list() == ["01234567890123"]


def test_unknown_choice(net: Network) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'mask'"):
        protect(net, persons="masks")  # type: ignore[arg-type]


def test_small_cells_by_hand() -> None:
    flows = pd.DataFrame({"euros": [100.0, 100.0, 100.0, 0.0], "units": [2, 3, 10, 0], "most": [50.0, 85.0, 84.0, 0.0]})
    done = suppress_small_cells(flows, value="euros", units="units", largest="most")
    assert done["suppressed"].to_list() == [True, True, False, False]
    assert done["euros"].isna().to_list() == [True, True, False, False]
    assert done["most"].isna().to_list() == [True, True, False, False]
    assert flows["euros"].notna().all()


def test_small_cells_unknown_column() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'euros'"):
        suppress_small_cells(pd.DataFrame({"euros": [1.0], "n": [1]}), value="euro", units="n")
