"""The fixed words of the library: keys in English, labels in French and English.

Each table maps a key, which code and columns use, to a `Term`, which readers see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from reseau_territorial.errors import UnknownNameError, plain_text, unknown_name

__all__ = ["SEED", "check_lang", "key_of", "label", "unknown_word"]

SEED: Final = 20200619
"""Default seed of everything random: the date of the article that the library grew out of."""

Lang = Literal["fr", "en"]
Family = Literal["local", "state", "civil", "business", "other"]


@dataclass(frozen=True)
class Term:
    """A word of the vocabulary: what readers see for a key."""

    fr: str
    en: str
    family: Family = "other"
    tier: str | None = None
    sector: str | None = None


FAMILIES: Final[Mapping[str, Term]] = {
    "local": Term("Collectivités", "Local authorities", "local"),
    "state": Term("État et opérateurs publics", "State and public operators", "state"),
    "civil": Term("Associations et citoyens", "Associations and citizens", "civil"),
    "business": Term("Entreprises et leurs réseaux", "Companies and their networks", "business"),
    "other": Term("Autres", "Others", "other"),
}

KINDS: Final[Mapping[str, Term]] = {
    "commune": Term("Commune", "Commune", "local", "communal", "public"),
    "epci": Term("Intercommunalité", "Intercommunality", "local", "intercommunal", "public"),
    "grouping": Term("Syndicat ou autre groupement", "Joint authority", "local", "intercommunal", "public"),
    "departement": Term("Département", "Département", "local", "departemental", "public"),
    "region": Term("Région", "Region", "local", "regional", "public"),
    "local_authority": Term("Collectivité locale", "Local authority", "local", None, "public"),
    "local_operator": Term("Établissement public local", "Local public body", "local", None, "public"),
    "state": Term("État", "State", "state", "national", "public"),
    "state_service": Term("Service de l’État", "State service", "state", None, "public"),
    "prefecture": Term("Préfecture", "Prefecture", "state", "departemental", "public"),
    "subprefecture": Term("Sous-préfecture", "Sub-prefecture", "state", "departemental", "public"),
    "arrondissement": Term("Arrondissement", "Arrondissement", "state", "departemental", "public"),
    "operator": Term("Opérateur public", "Public operator", "state", None, "public"),
    "management_centre": Term("Centre de gestion", "Management centre", "state", "departemental", "public"),
    "hospital": Term("Hôpital", "Hospital", "state", None, "public"),
    "school": Term("Établissement d’enseignement", "School", "state", None, "public"),
    "france_services": Term("France services", "France services", "state", "communal", None),
    "social_protection": Term("Protection sociale", "Social protection", "state", None, "mixed"),
    "chamber": Term("Chambre consulaire", "Chamber of commerce or trades", "business", None, "public"),
    "mixed_company": Term("Société d’économie mixte", "Mixed-ownership company", "business", None, "mixed"),
    "association": Term("Association", "Association", "civil", None, "civil"),
    "foundation": Term("Fondation", "Foundation", "civil", None, "civil"),
    "cooperative": Term("Coopérative ou mutuelle", "Cooperative or mutual", "civil", None, "civil"),
    "collective": Term("Collectif", "Collective", "civil", None, "civil"),
    "volunteers": Term("Bénévoles", "Volunteers", "civil", None, "civil"),
    "citizens": Term("Citoyens", "Citizens", "civil", None, "civil"),
    "company": Term("Entreprise", "Company", "business", None, "private"),
    "company_network": Term("Réseau d’entreprises", "Company network", "business", None, "private"),
    "sole_trader": Term("Entrepreneur individuel", "Sole trader", "business", None, "private"),
    "professionals": Term("Professionnels", "Professionals", "other", None, None),
    "union": Term("Syndicat professionnel", "Union", "civil", None, "civil"),
    "media": Term("Média", "Media", "business", None, "private"),
    "person": Term("Personne physique", "Natural person", "other", None, None),
    "project": Term("Projet", "Project", "other", None, None),
    "programme": Term("Programme", "Programme", "other", None, "public"),
    "forum": Term("Instance", "Forum", "other", None, None),
    "service": Term("Service interne", "Department of an institution", "local", None, "public"),
    "other": Term("Autre acteur", "Other actor", "other", None, None),
}

SECTORS: Final[Mapping[str, Term]] = {
    "public": Term("Public", "Public", "local"),
    "private": Term("Privé", "Private", "business"),
    "civil": Term("Société civile", "Civil society", "civil"),
    "mixed": Term("Mixte", "Mixed", "state"),
    "unknown": Term("Inconnu", "Unknown", "other"),
}

TIERS: Final[Mapping[str, Term]] = {
    "communal": Term("Communal", "Communal"),
    "intercommunal": Term("Intercommunal", "Intercommunal"),
    "departemental": Term("Départemental", "Départemental"),
    "regional": Term("Régional", "Regional"),
    "national": Term("National", "National"),
}

LEVELS: Final[Mapping[int, Term]] = {
    0: Term("aucune coopération", "none"),
    1: Term("information", "information"),
    2: Term("coopération informelle", "informal"),
    3: Term("coopération formelle", "formal"),
    4: Term("coopération formelle sur plusieurs projets", "formal on several projects"),
}

STATUSES: Final[Mapping[str, Term]] = {
    "present": Term("présent", "present"),
    "absent": Term("absent", "absent"),
    "unknown": Term("inconnu", "unknown"),
}

PERIODS: Final[Mapping[str, Term]] = {
    "before": Term("avant", "before"),
    "crisis": Term("pendant", "crisis"),
    "after": Term("après", "after"),
}

LAYERS: Final[Mapping[str, Term]] = {
    "tie": Term("lien", "tie"),
    "membership": Term("adhésion", "membership"),
    "delegation": Term("délégation", "delegation"),
    "funding": Term("financement", "funding"),
    "grant": Term("subvention", "grant"),
    "contract": Term("contrat", "contract"),
    "agreement": Term("convention", "agreement"),
    "coproduction": Term("coproduction", "co-production"),
    "pooling": Term("mutualisation", "pooling"),
    "facilitation": Term("animation", "facilitation"),
    "supply": Term("fourniture", "supply"),
    "delivery": Term("distribution", "delivery"),
    "support": Term("appui", "support"),
    "oversight": Term("contrôle", "oversight"),
    "command": Term("prescription", "command"),
    "information": Term("information", "information"),
    "board_seat": Term("mandat", "board seat"),
    "secondment": Term("mise à disposition", "secondment"),
    "trust": Term("confiance", "trust"),
    "reputation": Term("influence perçue", "reputation"),
    "masks": Term("masques", "masks"),
    "administration": Term("rattachement administratif", "administrative attachment"),
    "programme": Term("programme", "programme"),
}

ROLES: Final[Mapping[str, Term]] = {
    "provider": Term("assure", "provides"),
    "holder": Term("détient la compétence", "holds the competence"),
    "delegate": Term("délégataire", "delegate"),
    "funder": Term("finance", "funds"),
    "facilitator": Term("anime", "facilitates"),
    "contact": Term("guichet", "contact point"),
}

CARTOGRAPHIC_ROLES: Final[Mapping[str, Term]] = {
    "ultra_peripheral": Term("très périphérique", "ultra-peripheral"),
    "peripheral": Term("périphérique", "peripheral"),
    "connector": Term("connecteur", "connector"),
    "kinless": Term("sans attache", "kinless"),
    "provincial_hub": Term("pivot de son groupe", "provincial hub"),
    "connector_hub": Term("pivot connecteur", "connector hub"),
    "kinless_hub": Term("pivot sans attache", "kinless hub"),
}

METRICS: Final[Mapping[str, Term]] = {
    "degree": Term("degré", "degree"),
    "in_degree": Term("degré entrant", "in-degree"),
    "out_degree": Term("degré sortant", "out-degree"),
    "strength": Term("force", "strength"),
    "betweenness": Term("intermédiarité", "betweenness"),
    "closeness": Term("proximité", "closeness"),
    "harmonic": Term("proximité harmonique", "harmonic closeness"),
    "eigenvector": Term("centralité spectrale", "eigenvector centrality"),
    "katz": Term("centralité de Katz", "Katz centrality"),
    "pagerank": Term("PageRank", "PageRank"),
    "coreness": Term("cœur", "coreness"),
    "constraint": Term("contrainte", "constraint"),
    "effective_size": Term("taille efficace", "effective size"),
    "efficiency": Term("efficacité", "efficiency"),
    "hierarchy": Term("hiérarchie", "hierarchy"),
    "participation": Term("participation", "participation"),
    "within_group_z": Term("poids dans son groupe (z)", "within-group z"),
    "bridging_centrality": Term("centralité de pont", "bridging centrality"),
    "cross_betweenness": Term("intermédiarité entre groupes", "cross-group betweenness"),
    "brokerage": Term("courtage", "brokerage"),
    "silo": Term("indice de silo", "silo index"),
    "network_silo": Term("indice de silo du réseau", "silo index of the network"),
    "group_silo": Term("indice de silo du groupe", "silo index of the group"),
    "assortativity": Term("assortativité", "assortativity"),
    "freeman": Term("ségrégation de Freeman", "Freeman’s segregation"),
    "gupta_anderson_may": Term("Q de Gupta, Anderson et May", "Gupta, Anderson and May’s Q"),
    "odds_ratio_within": Term("rapport de cotes des liens internes", "odds ratio of ties inside groups"),
    "modularity": Term("modularité", "modularity"),
    "overlapping_degree": Term("degré toutes couches", "overlapping degree"),
    "overlapping_strength": Term("force toutes couches", "overlapping strength"),
    "multiplex_participation": Term("participation aux couches", "multiplex participation"),
    "interdependence": Term("interdépendance des couches", "interdependence"),
    "versatility": Term("polyvalence", "versatility"),
    "coordinator": Term("coordinateur", "coordinator"),
    "itinerant": Term("consultant", "itinerant broker"),
    "representative": Term("représentant", "representative"),
    "gatekeeper": Term("portier", "gatekeeper"),
    "liaison": Term("liaison", "liaison"),
    "total": Term("total", "total"),
}

NEEDS: Final[Mapping[str, Term]] = {
    "masks": Term("masques", "masks"),
    "visors": Term("visières", "visors"),
    "hand_gel": Term("gel hydroalcoolique", "hand gel"),
    "zero_waste": Term("zéro déchet", "zero waste"),
    "hospital_children": Term("enfants hospitalisés", "children in hospital"),
    "schools": Term("ouverture des écoles", "opening of schools"),
}

COLUMNS: Final[Mapping[str, Term]] = {
    "actor": Term("acteur", "actor"),
    "name": Term("nom", "name"),
    "kind": Term("type d’acteur", "kind"),
    "sector": Term("secteur", "sector"),
    "tier": Term("échelon", "tier"),
    "territory": Term("territoire", "territory"),
    "epci": Term("intercommunalité", "intercommunality"),
    "arrondissement": Term("arrondissement", "arrondissement"),
    "departement": Term("département", "département"),
    "region": Term("région", "région"),
    "parent": Term("organisation mère", "parent"),
    "rule": Term("règle", "rule"),
    "source": Term("origine", "source"),
    "target": Term("destination", "target"),
    "layer": Term("couche", "layer"),
    "period": Term("période", "period"),
    "weight": Term("intensité", "weight"),
    "level": Term("niveau de coopération", "level"),
    "formal": Term("formel", "formal"),
    "status": Term("statut", "status"),
    "need": Term("besoin", "need"),
    "competence": Term("compétence", "competence"),
    "provision": Term("réponse", "provision"),
    "role": Term("rôle", "role"),
    "date": Term("date", "date"),
    "evidence": Term("preuve", "evidence"),
    "observed": Term("a répondu", "observed"),
    "actors": Term("acteurs", "actors"),
    "ties": Term("liens", "ties"),
    "pairs": Term("paires", "pairs"),
    "unknown": Term("inconnus", "unknown"),
    "absent": Term("absents", "absent"),
    "density": Term("densité", "density"),
    "directed": Term("orientée", "directed"),
}

TABLES: Final[Mapping[str, Mapping[str, Term]]] = {
    "family": FAMILIES,
    "kind": KINDS,
    "sector": SECTORS,
    "tier": TIERS,
    "level": {str(key): term for key, term in LEVELS.items()},
    "status": STATUSES,
    "period": PERIODS,
    "layer": LAYERS,
    "role": ROLES,
    "cartographic_role": CARTOGRAPHIC_ROLES,
    "column": COLUMNS,
    "metric": METRICS,
    "need": NEEDS,
}


def label(table: str, key: object, *, lang: Lang = "fr") -> str:
    """Return what a reader sees for a key of the vocabulary; a word we do not know stays as it is.

    Parameters
    ----------
    table : str
        ``"kind"``, ``"sector"``, ``"tier"``, ``"level"``, ``"status"``, ``"period"``, ``"layer"``,
        ``"role"``, ``"cartographic_role"``, ``"family"``, ``"column"``, ``"metric"`` or ``"need"``; any other
        table has no labels.
    key : object
        The key, such as ``"epci"``.
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    str
        The label.

    Raises
    ------
    UnknownNameError
        If the language is not one of the two.

    Examples
    --------
    >>> label("kind", "epci")
    'Intercommunalité'
    >>> label("period", "2019")
    '2019'
    """
    check_lang(lang)
    term = TABLES.get(table, {}).get(str(key))
    return str(key) if term is None else (term.fr if lang == "fr" else term.en)


def key_of(table: str, word: str) -> str:
    """Return the key whose label a reader typed, in French or English, blind to case and accents.

    Parameters
    ----------
    table : str
        As for :func:`label`.
    word : str
        What was typed.

    Returns
    -------
    str
        The key, or `word` itself when no label is it.

    Examples
    --------
    >>> key_of("period", "Pendant"), key_of("column", "secteur"), key_of("period", "2019")
    ('crisis', 'sector', '2019')
    """
    terms = TABLES.get(table, {})
    if word in terms:
        return word
    plain = plain_text(word)
    return next((key for key, term in terms.items() if plain in (plain_text(term.fr), plain_text(term.en))), word)


def check_lang(lang: str) -> None:
    """Refuse a language that no reader is written to in."""
    if lang not in ("fr", "en"):
        raise unknown_name("language", lang, ["fr", "en"])


def unknown_word(what: str, asked: object, known: Iterable[object], *, table: str) -> UnknownNameError:
    """Build the error for a word that is not there; a label of the vocabulary is answered by its key.

    Examples
    --------
    >>> str(unknown_word("period", "pendant", ["before", "crisis"], table="period"))
    "no period named 'pendant'. Did you mean 'crisis'? Known: 'before', 'crisis'."
    """
    error = unknown_name(what, asked, names := list(known), meant=key_of(table, str(asked)))
    if names or table != "period":
        return error
    return UnknownNameError(f"{error} Fill in the column period of the ties.")
