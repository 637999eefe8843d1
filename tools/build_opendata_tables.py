"""Build the small tables of src/reseau_territorial/opendata/data from the open-data files.

    python tools/build_opendata_tables.py path/to/data

The folder holds the files as they were downloaded (see docs/open-data.md for their origin).
"""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src/reseau_territorial/opendata/data"
VINTAGES = (2019, 2020, 2021, 2026)

# Legal categories (INSEE, level III) -> kind, sector, tier. A code or a prefix; the longest one wins.
LEGAL_KINDS: Mapping[str, tuple[str, str, str]] = {
    "0": ("other", "private", ""),
    "1000": ("sole_trader", "private", ""),
    "2": ("other", "private", ""),
    "21": ("sole_trader", "private", ""),
    "22": ("sole_trader", "private", ""),
    "23": ("sole_trader", "private", ""),
    "2700": ("other", "civil", ""),
    "2800": ("other", "private", ""),
    "31": ("company", "private", ""),
    "32": ("other", "unknown", ""),
    "3210": ("other", "public", ""),
    "4110": ("operator", "public", "national"),
    "4120": ("operator", "public", "national"),
    "4130": ("operator", "public", "national"),
    "4140": ("local_operator", "public", ""),
    "4150": ("local_operator", "public", ""),
    "4160": ("operator", "public", "national"),
    "5": ("company", "private", ""),
    "519": ("cooperative", "civil", ""),
    "5203": ("cooperative", "civil", ""),
    "5307": ("cooperative", "civil", ""),
    "5309": ("cooperative", "civil", ""),
    "5415": ("mixed_company", "mixed", ""),
    "5515": ("mixed_company", "mixed", ""),
    "5615": ("mixed_company", "mixed", ""),
    "5430": ("mixed_company", "mixed", ""),
    "5530": ("mixed_company", "mixed", ""),
    "5630": ("mixed_company", "mixed", ""),
    "5546": ("mixed_company", "mixed", ""),
    "5646": ("mixed_company", "mixed", ""),
    "5547": ("mixed_company", "mixed", ""),
    "5647": ("mixed_company", "mixed", ""),
    "6100": ("cooperative", "civil", ""),
    "6210": ("company_network", "private", ""),
    "6220": ("company_network", "private", ""),
    "631": ("cooperative", "civil", ""),
    "6411": ("cooperative", "civil", ""),
    "65": ("company", "private", ""),
    "6595": ("cooperative", "civil", ""),
    "6596": ("cooperative", "civil", ""),
    "6901": ("company", "private", ""),
    "7111": ("state", "public", "national"),
    "7112": ("state", "public", "national"),
    "7113": ("state", "public", "national"),
    "7120": ("state", "public", "national"),
    "7150": ("state_service", "public", "national"),
    "7160": ("state_service", "public", "national"),
    "7171": ("state_service", "public", "regional"),
    "7172": ("state_service", "public", "departemental"),
    "7179": ("state_service", "public", ""),
    "7190": ("school", "public", "national"),
    "7210": ("commune", "public", "communal"),
    "7220": ("departement", "public", "departemental"),
    "7225": ("local_authority", "public", ""),
    "7229": ("local_authority", "public", ""),
    "7230": ("region", "public", "regional"),
    "731": ("local_operator", "public", "communal"),
    "732": ("local_operator", "public", ""),
    "7331": ("school", "public", ""),
    "7340": ("grouping", "public", "intercommunal"),
    "7341": ("local_operator", "public", "communal"),
    "7342": ("epci", "public", "intercommunal"),
    "7343": ("epci", "public", "intercommunal"),
    "7344": ("epci", "public", "intercommunal"),
    "7345": ("grouping", "public", "intercommunal"),
    "7346": ("epci", "public", "intercommunal"),
    "7347": ("epci", "public", "intercommunal"),
    "7348": ("epci", "public", "intercommunal"),
    "7349": ("grouping", "public", "intercommunal"),
    "7351": ("grouping", "public", "departemental"),
    "7352": ("grouping", "public", "regional"),
    "7353": ("grouping", "public", "intercommunal"),
    "7354": ("grouping", "public", "intercommunal"),
    "7355": ("grouping", "public", "intercommunal"),
    "7356": ("grouping", "public", "intercommunal"),
    "7357": ("grouping", "public", "intercommunal"),
    "736": ("local_operator", "public", ""),
    "7361": ("local_operator", "public", "communal"),
    "7362": ("local_operator", "public", "communal"),
    "7364": ("hospital", "public", ""),
    "7365": ("hospital", "public", ""),
    "7367": ("local_operator", "public", "intercommunal"),
    "737": ("local_operator", "public", ""),
    "7372": ("local_operator", "public", "departemental"),
    "7381": ("chamber", "public", ""),
    "7382": ("operator", "public", "national"),
    "7383": ("operator", "public", "national"),
    "7384": ("school", "public", "national"),
    "7385": ("operator", "public", ""),
    "7389": ("operator", "public", "national"),
    "74": ("operator", "public", ""),
    "7430": ("other", "public", ""),
    "7470": ("hospital", "public", ""),
    "81": ("social_protection", "mixed", ""),
    "82": ("cooperative", "civil", ""),
    "83": ("other", "private", ""),
    "8410": ("union", "civil", ""),
    "8420": ("company_network", "private", ""),
    "8450": ("professionals", "mixed", ""),
    "8470": ("company_network", "mixed", ""),
    "8490": ("company_network", "private", ""),
    "85": ("social_protection", "mixed", ""),
    "91": ("other", "private", ""),
    "92": ("association", "civil", ""),
    "9300": ("foundation", "civil", ""),
    "9900": ("other", "private", ""),
    "9970": ("hospital", "private", ""),
}
# Cooperative forms, whatever the company type they hang on (SARL 54, SA with board 55 or 56, civil 65).
COOPERATIVES = {
    f"{stem}{end}" for stem in ("54", "55", "56", "65") for end in (43, 51, 52, 53, 54, 55, 58, 59, 60)
}  # fmt: skip

# Organisations whose legal category says less than everybody knows (SIREN: kind, sector, tier, name, why).
OVERRIDES: Sequence[tuple[str, str, str, str, str, str]] = (
    ("217500016", "commune", "public", "communal", "Ville de Paris", "commune et département, catégorie 7229"),
    (
        "200046977",
        "epci",
        "public",
        "intercommunal",
        "Métropole de Lyon",
        "collectivité à statut particulier, catégorie 7229",
    ),
    ("200076958", "region", "public", "regional", "Collectivité de Corse", "collectivité unique, catégorie 7229"),
    ("200055507", "region", "public", "regional", "Collectivité territoriale de Martinique", "collectivité unique"),
    ("200052678", "region", "public", "regional", "Collectivité territoriale de Guyane", "collectivité unique"),
    ("229850003", "departement", "public", "departemental", "Département de Mayotte", "collectivité unique"),
    ("775663438", "operator", "public", "national", "RATP", "établissement public national, catégorie 4110"),
    (
        "180035016",
        "social_protection",
        "public",
        "national",
        "Urssaf Caisse nationale",
        "tête du réseau des Urssaf, établissement public",
    ),
    (
        "180035024",
        "social_protection",
        "public",
        "national",
        "Caisse nationale de l’assurance maladie",
        "établissement public",
    ),
    ("552049447", "operator", "public", "national", "SNCF", "société nationale à capitaux publics"),
    ("356000000", "operator", "public", "national", "La Poste", "société à capitaux publics"),
)


def read_rows(path: Path, separator: str = ",") -> list[dict[str, str]]:
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=separator))


def read_json(path: Path) -> list[dict[str, Any]]:
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        return list(json.load(stream))


def write(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    TARGET.mkdir(exist_ok=True)
    path = TARGET / name
    if path.suffix == ".gz":
        # A fixed time stamp keeps the file the same from one build to the next.
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
            packed.write("\n".join(",".join(map(str, row)) for row in (header, *rows)).encode() + b"\n")
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def legal_kind(code: str) -> tuple[str, str, str]:
    if code in COOPERATIVES:
        return ("cooperative", "civil", "")
    return next(LEGAL_KINDS[code[:n]] for n in (4, 3, 2, 1) if code[:n] in LEGAL_KINDS)


def build_legal_categories(data: Path) -> None:
    rows = read_rows(data / "nomenclatures/categories-juridiques-insee-niveau3.csv")
    labels = [(row["code"], " ".join(row["libellé"].replace("'", "’").split())) for row in rows]
    write(
        "legal-categories.csv",
        ("code", "label", "kind", "sector", "tier"),
        [(code, label, *legal_kind(code)) for code, label in sorted(labels)],
    )


def build_overrides(data: Path) -> None:
    """Our own list first, then the operators of the State (annex of the finance law)."""
    with (data / "nomenclatures/operateurs_lolf.json").open(encoding="utf-8") as stream:
        operators = json.load(stream)
    ours = {row[0] for row in OVERRIDES}
    listed = [
        (siren, "operator", "public", "national", " ".join(name.split()), "opérateur de l’État")
        for siren, name in operators.items()
        if siren not in ours
    ]
    write("siren-overrides.csv", ("siren", "kind", "sector", "tier", "name", "rule"), sorted([*OVERRIDES, *listed]))


def build_competences(data: Path) -> None:
    rows = []
    for version in ("2021", "2025"):
        for row in read_rows(data / f"banatic/libelles-competences-{version}.csv"):
            rows.append((version, row["code_competence"], " ".join(row["libelle"].replace("'", "’").split())))
    write("competences.csv", ("version", "code", "label"), sorted(rows))
    pairs = read_rows(data / "banatic/correspondance-competences-2021-2025.csv")
    kept = [(row["code_2021"], row["code_2025"], row["relation"]) for row in pairs]
    write("competences-crosswalk.csv", ("code_2021", "code_2025", "relation"), sorted(kept))


def build_communes(data: Path) -> list[dict[str, Any]]:
    communes = read_json(data / "cog-epci/2026/communes.json.gz")
    epci = {
        member["code"]: group["code"]
        for group in read_json(data / "cog-epci/2026/epci.json.gz")
        for member in group["membres"]
    }
    current = [commune for commune in communes if commune["type"] == "commune-actuelle"]
    write(
        "communes-2026.csv.gz",
        ("insee", "siren", "epci"),
        [(c["code"], c.get("siren") or "", epci.get(c["code"], "")) for c in sorted(current, key=lambda c: c["code"])],
    )
    kinds = {"commune-deleguee": "COMD", "commune-associee": "COMA", "arrondissement-municipal": "ARM"}
    attached = {
        (c["code"], kinds[c["type"]], c.get("commune", c.get("chefLieu"))) for c in communes if c["type"] in kinds
    }
    write("communes-attached.csv", ("code", "type", "commune"), sorted(attached))
    return current


def build_succession(data: Path, current: Sequence[Mapping[str, Any]]) -> None:
    seen = {year: members_of(data, year) for year in VINTAGES}
    last = {code: str(year) for year in VINTAGES for code in seen[year]}
    rows: list[tuple[str, ...]] = []
    for commune in current:
        for old in commune.get("anciensCodes", []):
            until = last.get(old, "")
            following = next((str(year) for year in VINTAGES if until and year > int(until)), "2019")
            rows.append((old, commune["code"], commune["nom"].replace("'", "’"), until, following))
    write("communes-succession.csv", ("code", "successor", "successor_name", "last_seen", "gone_by"), sorted(rows))
    build_epci_succession(data, seen, {old: new for old, new, *_ in rows})


def members_of(data: Path, year: int) -> dict[str, str]:
    rows = read_rows(data / f"cog-epci/{year}/epci_membres.csv.gz")
    return {row["code_insee"]: row["siren_epci"] for row in rows}


def build_epci_succession(data: Path, seen: Mapping[int, Mapping[str, str]], merged: Mapping[str, str]) -> None:
    names = {
        row["siren_epci"]: row["nom"] for year in VINTAGES for row in read_rows(data / f"cog-epci/{year}/epci.csv")
    }
    rows = []
    for before, after in itertools.pairwise(VINTAGES):
        remaining = set(seen[after].values())
        heirs: dict[str, Counter[str]] = defaultdict(Counter)
        for code, group in seen[before].items():
            if group not in remaining:
                heirs[group][seen[after].get(code) or seen[after].get(merged.get(code, ""), "")] += 1
        for group, successors in heirs.items():
            relation = "split" if len(successors) > 1 else "replaced"
            for successor, count in successors.items():
                rows.append((group, names[group], successor, names.get(successor, ""), count, relation, before, after))
    header = ("siren", "name", "successor", "successor_name", "communes", "relation", "last_seen", "gone_by")
    write("epci-succession.csv", header, sorted(rows))


def build_departements(data: Path) -> None:
    rows = read_rows(data / "cog-epci/2023/com_epci_dep_reg.csv.gz", ";")
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        code = row["com_code"]
        departement = code[:3] if code.startswith("97") else code[:2]
        found[departement] = (row["dep_siren"], row["reg_siren"])
    regions = {unit["code"]: unit["region"] for unit in read_json(data / "cog-epci/2026/departements.json")}
    names = {unit["code"]: unit["nom"] for unit in read_json(data / "cog-epci/2026/departements.json")}
    region_names = {unit["code"]: unit["nom"] for unit in read_json(data / "cog-epci/2026/regions.json")}
    table = [("departement", code, names[code], found.get(code, ("", ""))[0]) for code in sorted(names)]
    sirens = {regions[code]: siren for code, (_, siren) in found.items() if siren and code in regions}
    table += [("region", code, region_names[code], sirens.get(code, "")) for code in sorted(region_names)]
    write("territories.csv", ("unit", "code", "name", "siren"), table)


def main(folder: str) -> None:
    data = Path(folder)
    build_legal_categories(data)
    build_overrides(data)
    build_competences(data)
    build_succession(data, build_communes(data))
    build_departements(data)


if __name__ == "__main__":
    main(sys.argv[1])
