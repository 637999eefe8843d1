"""Names of organisations compared: which candidates a name without identifier may be, and which it surely is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.opendata._verdicts import departement_of
from reseau_territorial.opendata.identifiers import clean_insee

__all__ = ["SUGGESTION_COLUMNS", "best_suggestions", "fold_name", "suggestions_among", "surely_the_same"]

Suggestion = tuple[str, str, str, str, str, float]
SUGGESTION_COLUMNS: Final = ("actor", "name", "candidate", "candidate_name", "territory", "score")

_ARTICLES: Final = frozenset(["de", "du", "des", "la", "le", "les", "et", "en", "au", "aux", "sur", "sous"])
_FORMS: Final[Mapping[str, str]] = {
    **dict.fromkeys(["association", "assoc", "asso", "ass"], "association"),
    **dict.fromkeys(["societe", "ste", "sarl", "sas", "sa"], "company"),
    **dict.fromkeys(["commune", "ville", "mairie"], "commune"),
    **dict.fromkeys(["communes", "cc"], "cc"),
    **dict.fromkeys(["agglomeration", "ca"], "ca"),
    "cu": "cu",
    "metropole": "metropole",
    "syndicat": "syndicat",
    **dict.fromkeys(["communaute", "communautes"], ""),
}
"""Words that say what an organisation is, not which one; ``""`` for those that wait for another."""
_FORMS_OF_KIND: Final = {
    "commune": {"commune"},
    "epci": {"cc", "ca", "cu", "metropole"},
    "syndicat": {"syndicat"},
    "association": {"association"},
    "company": {"company"},
}
_LEAST_WORD: Final = 2


def fold_name(name: str) -> str:
    """Return the words of a name that tell an organisation from another, sorted.

    Examples
    --------
    >>> fold_name("Communauté de communes de l'Île-Bouchard"), fold_name("ASSO. Les Amis du Vélo")
    ('bouchard ile', 'amis velo')
    """
    words = ["saint" if word == "st" else word for word in _words(name)]
    telling = [word for word in words if word not in _ARTICLES and word not in _FORMS and len(word) >= _LEAST_WORD]
    return " ".join(sorted(telling or words))


def _words(name: str) -> list[str]:
    return re.sub(r"[^a-z0-9]+", " ", plain_key(name).replace("_", " ")).split()


def _forms(name: str, kind: object) -> set[str]:
    """Return the forms that a name says, else those of its kind; none when nothing is known."""
    said = {_FORMS[word] for word in _words(name) if word in _FORMS} - {""}
    return said or _FORMS_OF_KIND.get(str(kind), set())


def suggestions_among(held: pd.DataFrame, names: pd.DataFrame, territory: str, suggest_from: float) -> pd.DataFrame:
    """Return the actors held whose names look alike in the same territory, else in the same département."""
    rows: list[Suggestion] = []
    if territory in held and territory in names and len(names):
        for place in (territory_key for territory_key in (_exact, _departement)):
            asked = names.assign(place=place(names[territory])).dropna(subset=["place", "name"])
            known = held.assign(place=place(held[territory])).dropna(subset=["place", "name"])
            done = {row[0] for row in rows}
            rows += _alike(asked[~asked.index.isin(done)], known, suggest_from)
    table = pd.DataFrame(rows, columns=list(SUGGESTION_COLUMNS))
    return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def _exact(values: pd.Series) -> pd.Series:
    return values.astype("str")


def _departement(values: pd.Series) -> pd.Series:
    """Return the département of INSEE codes; other territories have none."""
    codes = clean_insee(values)["value"]
    return codes.map(lambda code: departement_of(code) if isinstance(code, str) else None)


def _alike(
    asked: pd.DataFrame, known: pd.DataFrame, suggest_from: float
) -> Iterable[tuple[str, str, str, str, str, float]]:
    from rapidfuzz import fuzz, process

    groups = dict(iter(known[known["place"].isin(asked["place"].unique())].groupby("place")))
    for place, table in asked.groupby("place"):
        if place not in groups:
            continue
        candidates = groups[place]
        folded = [fold_name(str(name)) for name in candidates["name"]]
        for actor, name in table["name"].items():
            found = process.extract(
                fold_name(str(name)), folded, scorer=fuzz.token_set_ratio, limit=3, score_cutoff=suggest_from
            )
            for _, score, position in found:
                candidate = candidates.index[position]
                shown = str(candidates["name"].iloc[position])
                yield str(actor), str(name), str(candidate), shown, str(place), round(float(score), 1)


def surely_the_same(suggestions: pd.DataFrame, score: float, kinds: pd.Series, known_kinds: pd.Series) -> pd.Series:
    """Say which suggestions hold for the whole names, word for word, whose forms do not differ."""
    from rapidfuzz import fuzz

    def sure(name: str, other: str, kind: object, other_kind: object) -> bool:
        forms, others = _forms(name, kind), _forms(other, other_kind)
        if forms and others and not forms & others:
            return False
        folded, known = fold_name(name), fold_name(other)
        return folded.count(" ") == known.count(" ") and fuzz.token_sort_ratio(folded, known) >= score

    pairs = zip(
        suggestions["name"],
        suggestions["candidate_name"],
        suggestions["actor"].map(kinds),
        suggestions["candidate"].map(known_kinds),
        strict=True,
    )
    return pd.Series([sure(*pair) for pair in pairs], index=suggestions.index, dtype="bool")


def best_suggestions(suggestions: pd.DataFrame, accept_from: float) -> dict[str, str]:
    """Return the suggestions at or above the score that have no rival there, on either side."""
    sure = suggestions[suggestions["score"] >= accept_from]
    alone = ~sure["actor"].duplicated(keep=False) & ~sure["candidate"].duplicated(keep=False)
    return dict(zip(sure["actor"][alone], sure["candidate"][alone], strict=True))
