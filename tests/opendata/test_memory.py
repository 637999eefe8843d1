"""Money files of national size: the memory that reading them takes, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import pathlib, sys
import reseau_territorial.opendata as opendata
reading = getattr(opendata, sys.argv[1])(sys.argv[2], **dict(pair.split("=") for pair in sys.argv[3:]))
# The system's own count: that of getrusage begins with the memory of the process that started this one.
status = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
print(reading.report.euros, len(reading.network.ties), int(status["VmHWM"].split()[0]) / 1024)
"""


def measured(reader, path, *arguments):
    """Return the euros, the ties and the most megabytes that a reader took."""
    command = [sys.executable, "-c", SCRIPT, reader, str(path), *arguments]
    euros, ties, peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(euros), int(ties), float(peak)


def contract(number):
    buyer, holder = 21370000000000 + number % 900, 55200000000000 + number % 4000
    return {
        "id": f"2024-{number}",
        "uid": f"{buyer}2024-{number}",
        "objet": f"Travaux de réhabilitation de l’école numéro {number}",
        "montant": 1000 + number % 5000,
        "codeCPV": "45214200",
        "procedure": "Procédure adaptée",
        "dureeMois": 12,
        "dateNotification": f"2024-{number % 12 + 1:02d}-15",
        "acheteur": {"id": str(buyer), "nom": f"Acheteur {number % 900}"},
        "titulaires": [{"typeIdentifiant": "SIRET", "id": str(holder), "denominationSociale": f"Titulaire {holder}"}],
    }


def write_grants(path, rows):
    """Write grants of one payer to 50,000 payees, five years, and return their sum."""
    with path.open("w", encoding="utf-8") as file:
        file.write("nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,objet,montant,nature\n")
        for number in range(rows):
            file.write(
                f"Département,22440002800011,{2018 + number // 50_000 % 5}-{number % 12 + 1:02d}-05,D{number},"
                f"Association {number % 50_000},Fonctionnement {number},{number % 9000}.5,aide en numéraire\n"
            )
    return sum(number % 9000 + 0.5 for number in range(rows))


@pytest.mark.slow
def test_a_million_grants_in_less_than_700_megabytes(tmp_path):
    total = write_grants(tmp_path / "subventions.csv", 1_000_000)
    euros, ties, peak = measured("read_grants", tmp_path / "subventions.csv")
    assert (euros, ties) == (total, 1_000_000)
    assert peak < 700


@pytest.mark.slow
def test_three_million_grants_added_up_per_year_in_less_than_800_megabytes(tmp_path):
    total = write_grants(tmp_path / "subventions.csv", 3_000_000)
    euros, ties, peak = measured("read_grants", tmp_path / "subventions.csv", "per=year")
    assert (euros, ties) == (total, 250_000)
    assert peak < 800


@pytest.mark.slow
def test_a_million_contracts_added_up_per_year_in_less_than_550_megabytes(tmp_path):
    path = tmp_path / "decp.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("uid,id,acheteur_id,acheteur_nom,titulaire_id,titulaire_typeIdentifiant,titulaire_nom,montant,")
        file.write("dateNotification,objet,codeCPV,procedure,dureeMois\n")
        for number in range(1_000_000):
            said = contract(number)
            buyer, holder = said["acheteur"], said["titulaires"][0]
            file.write(f"{said['uid']},{said['id']},{buyer['id']},{buyer['nom']},{holder['id']},SIRET,")
            file.write(f"{holder['denominationSociale']},{said['montant']},{said['dateNotification']},{said['objet']},")
            file.write(f"{said['codeCPV']},{said['procedure']},{said['dureeMois']}\n")
    euros, ties, peak = measured("read_contracts", path, "per=year")
    assert (euros, ties) == (sum(1000 + number % 5000 for number in range(1_000_000)), 36_000)
    assert peak < 550


@pytest.mark.slow
@pytest.mark.parametrize("version", [1, 2])
def test_200000_contracts_of_a_json_file_in_less_than_600_megabytes(tmp_path, version):
    path = tmp_path / "decp.json"
    with path.open("w", encoding="utf-8") as file:
        file.write('{"marches": [' if version == 1 else '{"marches": {"marche": [')
        for number in range(200_000):
            file.write(("," if number else "") + json.dumps(contract(number), ensure_ascii=False) + "\n")
        file.write("]}" if version == 1 else "]}}")
    euros, ties, peak = measured("read_contracts", path)
    assert (euros, ties) == (sum(1000 + number % 5000 for number in range(200_000)), 200_000)
    assert peak < 600
