"""Write the pages of the site that come from the code: reference, glossary, notebooks, map of the home page.

``docs/conf.py`` calls it before each build; what it writes, under ``docs/_generated``, is not kept in the repository.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import reseau_territorial as rt
from reseau_territorial import vocabulary

ROOT = Path(__file__).parents[1]
STUB = ROOT / "src/reseau_territorial/__init__.pyi"
GENERATED = ROOT / "docs/_generated"


@dataclass(frozen=True)
class Family:
    """A page of the reference: the public names of some modules."""

    slug: str
    title: str
    need: str
    modules: tuple[str, ...] = ()
    package: str = "reseau_territorial"


FAMILIES = (
    Family("network", "Network", "the tables, selections and sums", ("network",)),
    Family("readers", "Reading files", "CSV, workbooks, surveys, other tools’ formats", ("readers",)),
    Family("converters", "Exchange", "NetworkX, igraph, Gephi", ("converters",)),
    Family("opendata", "French open data", "from downloaded files to a network", package="reseau_territorial.opendata"),
    Family("samples", "Bundled cases", "real territories and published studies", package="reseau_territorial.samples"),
    Family("measure", "Metric table", "several metrics at once", ("metrics.table",)),
    Family(
        "centrality",
        "Centrality",
        "who is central",
        ("metrics.centrality", "metrics.flows", "metrics.currents", "metrics.vitality"),
    ),
    Family("cohesion", "Cohesion", "how tightly all are tied", ("metrics.cohesion", "metrics.cliques")),
    Family("bridging", "Bridging", "who bridges, who brokers", ("metrics.bridging",)),
    Family(
        "silos",
        "Silos and segregation",
        "who works only with its own",
        tuple(
            f"metrics.{module}"
            for module in (
                "silos",
                "expected",
                "segregation",
                "group_segregation",
                "spectral_silos",
                "cuts",
                "loglinear",
                "likeness",
            )
        ),
    ),
    Family("communities", "Communities", "which groups the ties make", ("metrics.communities",)),
    Family("multilayer", "Layers together", "measures over several layers", ("metrics.multilayer",)),
    Family(
        "change",
        "Change",
        "what lasted, what became formal",
        ("metrics.change", "metrics.arrivals", "metrics.lifetimes"),
    ),
    Family(
        "needs",
        "Needs and doors",
        "who answers what, what is missing",
        ("metrics.needs", "metrics.redundancy", "metrics.competences", "metrics.risk"),
    ),
    Family("inference", "Inference", "how sure one can be", ("inference", "nulls")),
    Family("scenarios", "Scenarios", "what if", ("scenarios",)),
    Family("governance", "Governance", "facilitators, modes, absent actors", ("governance",)),
    Family("plots", "Plots", "pictures for print", ("plots",)),
    Family("maps", "Maps", "the interactive map, and where actors stand on it", ("maps", "layouts")),
    Family("reports", "Reports and tables", "what is handed over", ("reports",)),
    Family("privacy", "Publication", "persons and small cells", ("privacy",)),
    Family("vocabulary", "Vocabulary and errors", "labels, seed, exceptions", ("vocabulary", "errors")),
)


def names_by_module() -> dict[str, list[str]]:
    """Return the public names of the package, by the module that they come from."""
    names: dict[str, list[str]] = {}
    for statement in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.ImportFrom) and statement.module:
            names.setdefault(statement.module, []).extend(alias.name for alias in statement.names)
    return names


def names_of(family: Family) -> list[str]:
    """Return the public names that a page of the reference describes."""
    if family.modules:
        by_module = names_by_module()
        return [name for module in family.modules for name in by_module[module]]
    return sorted(getattr(rt, family.package.rpartition(".")[2]).__all__, key=str.casefold)


def build() -> None:
    """Write every page anew."""
    shutil.rmtree(GENERATED, ignore_errors=True)
    pages = {f"api/{family.slug}.rst": _reference(family) for family in FAMILIES}
    pages["api/index.rst"] = _reference_index()
    pages["glossaire.md"] = _glossary()
    for path, text in pages.items():
        place = GENERATED / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
    shutil.copytree(ROOT / "notebooks", GENERATED / "carnets", ignore=shutil.ignore_patterns(".*", "*.html", "*.md"))
    home = GENERATED / "pages"
    home.mkdir()
    rt.explore(rt.samples.tours_masks(), color="sector").save(home / "tours-masques.html")


def _reference(family: Family) -> str:
    prefix = "rt" if family.modules else f"rt.{family.package.rpartition('.')[2]}"
    lines = [family.title, "=" * len(family.title), "", f"{family.need.capitalize()}. Names are ``{prefix}.name``.", ""]
    lines += [f".. currentmodule:: {family.package}", "", ".. autosummary::", "   :toctree: names", ""]
    return "\n".join([*lines, *(f"   {name}" for name in names_of(family)), ""])


def _reference_index() -> str:
    lines = ["Reference", "=========", "", "Everything after ``import reseau_territorial as rt``, by family."]
    lines += ["", ".. list-table::", "   :widths: 30 70", ""]
    for family in FAMILIES:
        lines += [f"   * - :doc:`{family.title} <{family.slug}>`", f"     - {family.need}"]
    lines += ["", ".. toctree::", "   :hidden:", ""]
    return "\n".join([*lines, *(f"   {family.slug}" for family in FAMILIES), ""])


def _glossary() -> str:
    return "\n".join(["# Glossaire", "", *_INTRODUCTION, *_tables(), ""])


_INTRODUCTION = (
    "Le code, les colonnes et les messages d’erreur emploient les mots anglais de gauche ; les cartes, les graphiques,",
    'les rapports et la ligne de commande montrent les libellés français (anglais avec `lang="en"`). Cette page est',
    "écrite d’après `vocabulary.py` : ce sont les mots mêmes de la bibliothèque.",
    "",
)
_TITLES = {
    "column": "Colonnes des tables",
    "kind": "Types d’acteurs",
    "family": "Familles d’acteurs (couleurs de la carte)",
    "sector": "Secteurs",
    "tier": "Échelons",
    "layer": "Couches",
    "level": "Niveaux de coopération",
    "status": "Statuts d’un lien",
    "period": "Périodes",
    "role": "Rôles dans une réponse",
    "cartographic_role": "Rôles cartographiques",
    "need": "Besoins",
    "metric": "Mesures",
}


def _tables() -> Iterator[str]:
    tables = vocabulary.TABLES
    for table in sorted(tables, key=list(_TITLES).index):
        yield from ("", f"## {_TITLES[table]}", "", "| clé | français | anglais |", "|---|---|---|")
        yield from (f"| `{key}` | {term.fr} | {term.en} |" for key, term in tables[table].items())


if __name__ == "__main__":
    build()
