"""Build the small tables of src/reseau_territorial/opendata/data from the open-data files.

    python tools/build_opendata_tables.py path/to/data

The folder holds the files as they were downloaded (see docs/open-data.md for their origin). The vintages of the
code officiel géographique come from the npm package `@etalab/decoupage-administratif`: `npm pack` its versions
1.1.1 (2021), 2.3.1 (2022), 3.1.1 (2023), 4.1.0 (2024), 5.3.0 (2025) and 6.0.0 (2026), and put data/communes.json
and data/epci.json of each, packed with gzip, in cog-epci/YEAR.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src/reseau_territorial/opendata/data"
VINTAGES = tuple(range(2019, 2027))
FIRST_WITH_COMMUNES = 2021
# Sannerville left Saline (Troarn) on 1 January 2020; no list of communes déléguées of 2019 is at hand.
SPLIT_OFF = {"14666": "14712"}

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
    "6210": ("company", "private", ""),
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
    # Sections, sectors and communes déléguées: what the State files under the commune.
    "731": ("commune", "public", "communal"),
    "732": ("local_operator", "public", ""),
    "7331": ("school", "public", ""),
    "7340": ("grouping", "public", "intercommunal"),
    "7341": ("commune", "public", "communal"),
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
    "7430": ("operator", "public", ""),
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
    f"{stem}{end}" for stem in ("54", "55", "56", "65") for end in (43, 44, 48, 51, 52, 53, 54, 55, 58, 59, 60)
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
    (
        "200094332",
        "departement",
        "public",
        "departemental",
        "Collectivité européenne d’Alsace",
        "deux départements réunis",
    ),
    (
        "219711231",
        "local_authority",
        "public",
        "",
        "Collectivité de Saint-Barthélemy",
        "collectivité d’outre-mer, ancienne commune",
    ),
    (
        "219711272",
        "local_authority",
        "public",
        "",
        "Collectivité de Saint-Martin",
        "collectivité d’outre-mer, ancienne commune",
    ),
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
            label = " ".join(row["libelle"].replace("'", "’").split())
            rows.append((version, row["code_competence"], label, "yes"))
    labelled = {code for version, code, *_ in rows if version == "2021"}
    held = {row["code_competence"] for row in read_rows(data / "banatic/competences-exercees-2021.csv.gz")}
    rows += [("2021", code, f"compétence 2021 n°\u00a0{code} (libellé non publié)", "no") for code in held - labelled]
    write("competences.csv", ("version", "code", "label", "published"), sorted(rows))
    pairs = read_rows(data / "banatic/correspondance-competences-2021-2025.csv")
    kept = [(row["code_2021"], row["code_2025"], row["relation"]) for row in pairs]
    write("competences-crosswalk.csv", ("code_2021", "code_2025", "relation"), sorted(kept))


def build_communes(data: Path) -> None:
    """Write what each vintage says of the communes: a row per span of years with the same SIREN and EPCI."""
    spans: list[tuple[str, str, str, int, int]] = []
    open_spans: dict[str, tuple[str, str, int]] = {}
    for year in VINTAGES:
        known = communes_of(data, year)
        for code, (siren, epci, since) in list(open_spans.items()):
            if known.get(code) != (siren, epci):
                spans.append((code, siren, epci, since, year - 1))
                del open_spans[code]
        for code, (siren, epci) in known.items():
            open_spans.setdefault(code, (siren, epci, year))
    spans += [(code, *held, VINTAGES[-1]) for code, held in open_spans.items()]
    write("communes.csv.gz", ("insee", "siren", "epci", "first", "last"), sorted(spans))
    kinds = {"commune-deleguee": "COMD", "commune-associee": "COMA", "arrondissement-municipal": "ARM"}
    attached = {
        (c["code"], kinds[c["type"]], c.get("commune", c.get("chefLieu")))
        for c in communes_json(data, VINTAGES[-1])
        if c["type"] in kinds
    }
    write("communes-attached.csv", ("code", "type", "commune"), sorted(attached))


def communes_json(data: Path, year: int) -> list[dict[str, Any]]:
    return read_json(data / f"cog-epci/{year}/communes.json.gz")


@cache
def communes_of(data: Path, year: int) -> Mapping[str, tuple[str, str]]:
    """Return INSEE code -> (SIREN, SIREN of the EPCI). The vintages 2019 and 2020 list members of EPCI only."""
    if year < FIRST_WITH_COMMUNES:
        path = data / f"cog-epci/{year}/epci_membres.csv.gz"
        listed = {row["code_insee"]: (row["siren_commune"], row["siren_epci"]) for row in read_rows(path)}
        alone = communes_of(data, FIRST_WITH_COMMUNES)
        return listed | {code: held for code, held in alone.items() if code not in listed and not held[1]}
    groups = read_json(data / f"cog-epci/{year}/epci.json.gz")
    members = {m["code"]: (m.get("siren", ""), group["code"]) for group in groups for m in group["membres"]}
    result = {}
    for commune in communes_json(data, year):
        if commune["type"] == "commune-actuelle":
            siren, epci = members.get(commune["code"], ("", ""))
            result[commune["code"]] = (siren or commune.get("siren", ""), epci)
    if year == FIRST_WITH_COMMUNES:
        # The vintage 2021 gives no SIREN to communes without an EPCI; they are those of the next one.
        later = communes_of(data, year + 1)
        result = {code: (siren or later.get(code, ("",))[0], epci) for code, (siren, epci) in result.items()}
    return result


def attached_of(data: Path, year: int) -> dict[str, str]:
    """Return code that is no commune in the vintage -> the commune that has its territory."""
    rows = communes_json(data, max(year, FIRST_WITH_COMMUNES))
    found = {
        c["code"]: c.get("commune", c.get("chefLieu"))
        for c in rows
        if c["type"] in ("commune-deleguee", "commune-associee")
    }
    return found | {
        old: c["code"] for c in rows for old in c.get("anciensCodes", []) if c["type"] == "commune-actuelle"
    }


def commune_names(data: Path) -> dict[str, str]:
    """Return the name of every commune, in the last vintage that has it."""
    names: dict[str, str] = {}
    for year in range(FIRST_WITH_COMMUNES, VINTAGES[-1] + 1):
        rows = communes_json(data, year)
        names |= {c["code"]: c["nom"].replace("'", "’") for c in rows if c["type"] == "commune-actuelle"}
    return names


def build_succession(data: Path) -> None:
    """Write the codes of communes that are gone, one step at a time, and the communes that were made again."""
    names = commune_names(data)
    first = VINTAGES[0]
    known = communes_of(data, first)
    heirs = attached_of(data, first)
    # A seat that moved between 2019 and 2021 gave the commune nouvelle another code: that of 2019 is taken.
    former = {heirs[code]: code for code in known if heirs.get(code, code) not in known}
    gone = {(old, former.get(now, now), "", first) for old, now in heirs.items() if old not in known}
    again: list[tuple[str, str, str, int]] = []
    for before, after in itertools.pairwise(VINTAGES):
        earlier, later = set(communes_of(data, before)), set(communes_of(data, after))
        heirs, parents = attached_of(data, after), attached_of(data, before)
        steps = {code: heirs[code] for code in earlier - later}
        gone |= {(code, heir, str(before), after) for code, heir in steps.items()}
        # A code that takes the place of another is no new commune: the seat of a commune nouvelle moved.
        new = later - earlier - {heir for heir in steps.values() if heir not in earlier}
        for code in new:
            parent = parents.get(code) or SPLIT_OFF[code]
            # The SIREN tells which of the two is the commune nouvelle: Les Hauts-Talican left the code 60054 for 60694.
            renumbered = communes_of(data, after)[code][0] == communes_of(data, before)[parent][0]
            code, parent = (parent, code) if renumbered else (code, parent)
            again.append((code, names[code], parent, after))
    header = ("code", "successor", "successor_name", "last_seen", "gone_by")
    write("communes-succession.csv", header, sorted((old, now, names[now], *when) for old, now, *when in gone))
    write("communes-made-again.csv", ("code", "name", "parent", "by"), sorted(again))
    build_epci_succession(data, {code: heir for code, heir, *_ in gone})


def build_epci_succession(data: Path, merged: Mapping[str, str]) -> None:
    names = epci_names(data)
    rows = []
    for before, after in itertools.pairwise(VINTAGES):
        earlier = {code: epci for code, (_, epci) in communes_of(data, before).items() if epci}
        later = {code: epci for code, (_, epci) in communes_of(data, after).items() if epci}
        remaining = set(later.values())
        heirs: dict[str, Counter[str]] = defaultdict(Counter)
        for code, group in earlier.items():
            if group not in remaining:
                heirs[group][later.get(code) or later.get(merged.get(code, ""), "")] += 1
        for group, successors in heirs.items():
            relation = "split" if len(successors) > 1 else "replaced"
            for successor, count in successors.items():
                rows.append((group, names[group], successor, names.get(successor, ""), count, relation, before, after))
    header = ("siren", "name", "successor", "successor_name", "communes", "relation", "last_seen", "gone_by")
    write("epci-succession.csv", header, sorted(rows))


def epci_names(data: Path) -> dict[str, str]:
    names: dict[str, str] = {}
    for year in VINTAGES:
        folder = data / f"cog-epci/{year}"
        if (folder / "epci.csv").exists():
            names |= {row["siren_epci"]: row["nom"] for row in read_rows(folder / "epci.csv")}
        else:
            names |= {group["code"]: group["nom"] for group in read_json(folder / "epci.json.gz")}
    return names


def build_groupings(data: Path) -> None:
    """Write the groupings of BANATIC: syndicats have no code of their own, only a SIREN."""
    rows = read_rows(data / "banatic/groupements-2021.csv")
    write("groupings.csv.gz", ("siren", "nature"), sorted((row["siren"], row["nature_juridique"]) for row in rows))


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
    table = [("departement", code, names[code], found.get(code, ("", ""))[0], regions[code]) for code in sorted(names)]
    sirens = {regions[code]: siren for code, (_, siren) in found.items() if siren and code in regions}
    table += [("region", code, region_names[code], sirens.get(code, ""), code) for code in sorted(region_names)]
    write("territories.csv", ("unit", "code", "name", "siren", "region"), table)


def main(folder: str) -> None:
    data = Path(folder)
    build_legal_categories(data)
    build_overrides(data)
    build_competences(data)
    build_communes(data)
    build_succession(data)
    build_departements(data)
    build_groupings(data)


if __name__ == "__main__":
    main(sys.argv[1])
