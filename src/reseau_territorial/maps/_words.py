"""What a reader sees in the page, in French and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reseau_territorial.vocabulary import Lang

__all__ = ["PAGE", "TOLD", "page_words", "words"]

# Each key: French, English. French spaces before : ; ! ? are U+202F.
PAGE: Final[Mapping[str, tuple[str, str]]] = {
    "colon": ("\u202f:", ":"),
    "shown_counts": ("{actors} acteurs sur {n}, {ties} liens sur {m}", "{actors} of {n} actors, {ties} of {m} ties"),
    "ties_count": ("liens\u202f: {n}", "ties: {n}"),
    "search": ("Rechercher un acteur", "Search for an actor"),
    "found": ("Acteurs trouvés\u202f: {n}", "Actors found: {n}"),
    "nothing": ("Aucun acteur ne répond aux filtres", "No actor matches the filters"),
    "summary": ("En bref", "In short"),
    "more": ("Lire la suite", "Read on"),
    "reset": ("Tout réafficher", "Show everything again"),
    "minor": ("Autres couches", "Other layers"),
    "rank": ("rang {n}", "rank {n}"),
    "code_rest": ("À refaire dans la page\u202f: {what}", "To be done again in the page: {what}"),
    "code_selected": ("sélection", "selection"),
    "kinds": ("Types d’acteur", "Kinds of actor"),
    "kind": ("Type", "Kind"),
    "layers": ("Couches de liens", "Layers of ties"),
    "layer": ("Couche", "Layer"),
    "period": ("Période", "Period"),
    "all_periods": ("Toutes", "All"),
    "compare": ("Comparer à la période précédente", "Compare with the period before"),
    "filters": ("Taille et filtres", "Size and filters"),
    "size": ("Taille selon", "Size by"),
    "threshold": ("Au moins", "At least"),
    "territory": ("Territoire", "Territory"),
    "level": ("Niveau minimal", "Least level"),
    "status": ("Statut", "Status"),
    "all": ("Tous", "All"),
    "display": ("Signes et affichage", "Signs and display"),
    "show_names": ("Noms", "Names"),
    "show_outlines": ("Contours des territoires", "Outlines of territories"),
    "move": ("Déplacer les acteurs à la souris", "Move actors by hand"),
    "aggregate": ("Carte agrégée", "Aggregated map"),
    "overview": ("Retour à la vue d’ensemble", "Back to the overview"),
    "bridges": ("Ponts", "Bridges"),
    "bridges_help": (
        "Acteurs dont les liens présents mènent au plus grand nombre d’autres groupes.",
        "Actors whose present ties lead to the most other groups.",
    ),
    "bridge_row": ("(autres groupes\u202f: {groups}, liens\u202f: {ties})", "(other groups: {groups}, ties: {ties})"),
    "export": ("Exporter et imprimer", "Export and print"),
    "paper": ("Format", "Paper"),
    "csv_actors": ("CSV acteurs", "CSV actors"),
    "csv_ties": ("CSV liens", "CSV ties"),
    "print": ("Imprimer", "Print"),
    "code": ("Cette vue en Python", "This view in Python"),
    "ego1": ("Partenaires", "Partners"),
    "ego2": ("Partenaires à 2 pas", "Within 2 steps"),
    "pin": ("Épingler", "Pin"),
    "route": ("Chemin depuis l’épinglé", "Path from the pinned"),
    "route_found": ("Chemin le plus court en nombre de liens\u202f: {steps}", "Shortest path, in ties: {steps}"),
    "route_none": ("Aucun chemin dans ce qui est affiché.", "No path in what is shown."),
    "close": ("Fermer", "Close"),
    "ghost": ("absent ou souhaité", "absent or wished for"),
    "measures": ("Mesures", "Measures"),
    "metric": ("Mesure", "Measure"),
    "out_share": ("Liens hors du groupe", "Ties leaving the group"),
    "layer_ties": ("Liens, {layer}", "Ties, {layer}"),
    "partners": ("Partenaires\u202f: {n}, liens\u202f: {ties}", "Partners: {n}, ties: {ties}"),
    "others": ("Sans lien présent\u202f: {n}", "Without a present tie: {n}"),
    "undefined": ("n.\u00a0d.", "n/a"),
    "actors": ("Tableau des acteurs", "Table of actors"),
    "ties": ("Tableau des liens", "Table of ties"),
    "name": ("Nom", "Name"),
    "source": ("De", "From"),
    "target": ("À", "To"),
    "weight": ("Intensité", "Weight"),
    "evidence": ("Source", "Source"),
    "pages": ("Pages du tableau", "Pages of the table"),
    "page": ("Page {page} sur {pages}", "Page {page} of {pages}"),
    "before": ("Précédente", "Previous"),
    "next": ("Suivante", "Next"),
    "zoom_in": ("Agrandir", "Zoom in"),
    "zoom_out": ("Réduire", "Zoom out"),
    "fit": ("Tout voir", "See all"),
    "undo": ("Annuler le dernier changement", "Undo the last change"),
    "theme": ("Clair ou sombre", "Light or dark"),
    "full_screen": ("Plein écran", "Full screen"),
    "signs": ("Signes", "Signs"),
    "sign_frame": ("Groupes selon\u202f: {by}", "Groups by: {by}"),
    "sign_bridge": ("Ponts entre groupes", "Bridges between groups"),
    "sign_ghost": ("Absent, souhaité ou inconnu (pointillé)", "Absent, wished for or unknown (dotted)"),
    "sign_discs": ("Nombre d’acteurs (surface du disque)", "Number of actors (area of the disc)"),
    "sign_bands": ("Liens entre groupes", "Ties between groups"),
    "index": ("Index\u202f: {by}", "Index: {by}"),
    "sign_size": ("Surface selon\u202f: {metric}", "Area by: {metric}"),
}

# What Python writes itself: the frame of the page, and the notes under the map.
TOLD: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Réseau d’acteurs", "Network of actors"),
    "skip": ("Aller à la carte", "Go to the map"),
    "map": ("Carte du réseau", "Map of the network"),
    "map_keys": (
        "Flèches\u202f: déplacer. Plus et moins\u202f: agrandir, réduire. 0\u202f: tout voir. N et P\u202f: "
        "acteur suivant, précédent. Entrée\u202f: lire la fiche. Échap\u202f: quitter la sélection. "
        "Les tableaux disent la même chose en mots.",
        "Arrows: move. Plus and minus: zoom. 0: see all. N and P: next, previous actor. Enter: read the card. "
        "Escape: clear the selection. The tables say the same in words.",
    ),
    "panel": ("Légende, filtres et fiche", "Legend, filters and card"),
    "no_script": (
        "La carte interactive demande JavaScript. En voici le résumé.",
        "The interactive map needs JavaScript. Here is its summary.",
    ),
    "offline": (
        "Les données n’ont pas pu être lues\u202f: ouvrez ce dossier depuis un serveur web.",
        "The data could not be read: open this folder from a web server.",
    ),
    "all_sources": ("Toutes les sources", "All sources"),
    "kept": ("conservé", "kept"),
    "gained": ("gagné", "gained"),
    "lost": ("perdu", "lost"),
    "unknown_change": ("inconnu (sans réponse)", "unknown (no answer)"),
    "note_source": ("Sources\u202f: {text}", "Sources: {text}"),
    "note_no_source": ("Sources non renseignées.", "No source given."),
    "note_undated": (
        "Liens sans date, vus dans «\u202fToutes\u202f» seulement\u202f: {n}.",
        "Undated ties, seen under “All” only: {n}.",
    ),
    "note_unknown": (
        "Liens au statut inconnu\u202f: {n}. Inconnu ne veut pas dire absent.",
        "Ties of unknown status: {n}. Unknown does not mean absent.",
    ),
    "note_isolates": ("Acteurs sans aucun lien présent\u202f: {n}.", "Actors without any present tie: {n}."),
    "note_masked": ("Personnes physiques\u202f: noms masqués ({n}).", "Natural persons: names masked ({n})."),
    "note_grouped": (
        "Personnes physiques\u202f: réunies par type et territoire, sans nombre au-dessous de cinq.",
        "Natural persons: gathered by kind and territory, without a number under five.",
    ),
    "note_secret": (
        "Acteurs confidentiels\u202f: réunis par type et par territoire, par cinq au moins, les autres retirés ({n}).",
        "Confidential actors: gathered by kind and territory, five at least, the others withheld ({n}).",
    ),
    "note_withheld": (
        "Montants confidentiels, non publiés\u202f: {layers}.",
        "Confidential amounts, not published: {layers}.",
    ),
    "note_ungrouped": ("Acteurs sans groupe renseigné\u202f: {n}.", "Actors without a group: {n}."),
    "note_outlines": ("Contours\u202f: {file}", "Outlines: {file}"),
    "note_own_outlines": ("Contours fournis avec les données", "Outlines given with the data"),
    "note_spread": (
        "Acteurs sans coordonnées, répartis dans leur territoire ou près de leurs partenaires\u202f: {n}.",
        "Actors without coordinates, spread over their territory or near their partners: {n}.",
    ),
    "note_read": (
        "Une carte montre des liens recensés\u202f: un lien absent de la carte n’est pas toujours absent du terrain.",
        "A map shows recorded ties: a tie that is not on the map may still exist on the ground.",
    ),
}


def page_words(lang: Lang, by: str) -> dict[str, str]:
    """Return the words that the engine of the page reads, in one language; `by` names what makes the groups."""
    return {key: text.replace("{by}", by) for key, text in _column(PAGE, lang).items()}


def words(lang: Lang) -> dict[str, str]:
    """Return all the words of a map in one language."""
    return _column({**PAGE, **TOLD}, lang)


def _column(table: Mapping[str, tuple[str, str]], lang: Lang) -> dict[str, str]:
    return {key: pair[0 if lang == "fr" else 1] for key, pair in table.items()}
