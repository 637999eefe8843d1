"""The register of associations: by number, by SIRET, empty marks and ended associations."""

from __future__ import annotations

import pandas as pd
import pytest

from reseau_territorial import Network
from reseau_territorial.errors import UnknownNameError
from reseau_territorial.opendata.rna import join_rna

HEADER = "id;siret;titre;objet;objet_social1;groupement;position;date_creat;date_disso;adrs_codeinsee"


def register(folder):
    path = folder / "rna_waldec.csv"
    rows = (
        'W372000001;"";MJC DE TOURS;"loisirs; culture";006030;S;A;1988-04-15;0001-01-01;37261',
        "W2A1000123;80848681500011;CLUB CORSE;sport;011000;S;D;2001-01-01;2019-02-03;2A004",
    )
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="cp1252")
    return path


def network(**columns):
    return Network(actors=pd.DataFrame({"actor": ["a"], **{name: [value] for name, value in columns.items()}}))


def test_a_number_gives_purpose_kind_and_commune(tmp_path):
    net = join_rna(network(rna="W372000001"), register(tmp_path), progress=False).network
    columns = ["name", "kind", "sector", "territory", "purpose", "state"]
    assert net.actors.loc["a", columns].tolist() == [
        "MJC DE TOURS", "association", "civil", "37261", "loisirs; culture", "A",
    ]  # fmt: skip
    assert pd.isna(net.actors.loc["a", "dissolved"])


def test_a_siret_finds_the_number_and_an_ended_association_is_told(tmp_path):
    net, report = join_rna(network(siret="80848681500011"), register(tmp_path), progress=False)
    assert net.actors.loc["a", ["rna", "dissolved"]].tolist() == ["W2A1000123", "2019-02-03"]
    assert report.count("noted", "ceased") == 1


def test_local_law_associations_are_told_apart(tmp_path):
    _, report = join_rna(network(rna="W671000001", territory="67482"), register(tmp_path), progress=False)
    assert report.count("noted", "local_law") == 1
    assert report.count("noted", "not_in_register") == 0


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("id;nom\n1;2\n", encoding="utf-8")
    with pytest.raises(UnknownNameError, match="named 'titre'"):
        join_rna(network(rna="W372000001"), path, progress=False)


@pytest.mark.parametrize(
    ("file", "number"),
    [("rna_sample_waldec.csv", "W632007046"), ("rna_sample_import.csv", "751P00085568")],
)
def test_the_real_samples_are_joined(shared, file, number):
    net = join_rna(network(rna=number), shared / "sirene-rna" / file, progress=False).network
    assert net.actors.loc["a", "kind"] == "association"
