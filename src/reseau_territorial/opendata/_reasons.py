"""Why a value was repaired, refused or set aside: one key per reason, its French and English text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reseau_territorial.vocabulary import Lang, Term

REASONS: Final[Mapping[str, Term]] = {
    # identifiers
    "spacing": Term("espaces ou ponctuation retirés", "spaces or punctuation removed"),
    "decimal_suffix": Term("suffixe décimal d’un tableur retiré", "decimal suffix of a spreadsheet removed"),
    "leading_zeros": Term("zéros de tête rétablis", "leading zeros restored"),
    "letter_case": Term("minuscules mises en majuscules", "lower case made upper case"),
    "exact_power": Term("notation scientifique sans perte, développée", "lossless scientific notation, expanded"),
    "rounded": Term("arrondi par un tableur : chiffres perdus", "rounded by a spreadsheet: digits are lost"),
    "checksum": Term("clé de contrôle fausse", "wrong check digit"),
    "length": Term("nombre de caractères inattendu", "unexpected number of characters"),
    "not_a_code": Term("ce n’est pas un code", "not a code"),
    "no_such_departement": Term("aucun département n’a ce préfixe", "no département has this prefix"),
    "placeholder": Term("valeur de remplissage", "placeholder value"),
    "empty": Term("cellule vide", "empty cell"),
    "siren_only": Term("SIREN seul : l’établissement est inconnu", "a SIREN only: the establishment is unknown"),
    "siret_given": Term("SIRET donné : son SIREN est retenu", "a SIRET was given: its SIREN is kept"),
    "foreign_scheme": Term(
        "identifiant étranger ou du Pacifique, gardé tel quel", "foreign or Pacific identifier, kept as it is"
    ),
    "rna_letter": Term(
        "lettre de département (Corse, outre-mer), refusée par le motif SCDL",
        "département letter (Corsica, overseas), refused by the SCDL pattern",
    ),
    "rna_legacy": Term("ancien numéro d’association, antérieur au RNA", "association number older than the RNA"),
    "temporary": Term("numéro provisoire de BANATIC", "temporary BANATIC number"),
    # text
    "control_characters": Term("caractères de contrôle C1 décodés", "C1 control characters decoded"),
    "escaped_bytes": Term("octets échappés par R décodés", "bytes escaped by R decoded"),
    # tables
    "too_many_cells": Term("plus de cellules que l’en-tête", "more cells than the header"),
    "too_few_cells": Term("moins de cellules que l’en-tête", "fewer cells than the header"),
    "cells_not_written": Term(
        "dernières cellules absentes, lues comme vides", "last cells not written, read as missing"
    ),
    "separators_only": Term("ligne faite de séparateurs seulement", "row made of separators only"),
    "total_line": Term("ligne de total écartée", "total line left out"),
    "repeated_row": Term("ligne répétée, comptée une fois", "repeated row, counted once"),
    "repeated_key": Term("clé répétée avec des valeurs différentes", "repeated key with other values"),
    # territories and groupings
    "no_epci": Term("commune sans intercommunalité à fiscalité propre", "commune without an intercommunality"),
    "no_siren": Term("sans SIREN dans le fichier", "no SIREN in the file"),
    "unknown_member": Term("membre absent des fichiers donnés", "member not in the files given"),
    "unknown_grouping": Term("groupement absent du fichier des groupements", "grouping not in the file of groupings"),
    "unknown_competence": Term(
        "compétence sans libellé dans la nomenclature", "competence without a label in the nomenclature"
    ),
    "member_count": Term(
        "nombre de membres différent de celui déclaré", "number of members differs from the declared one"
    ),
    "later_vintage": Term("valeur d’un millésime plus récent retenue", "value of a later vintage kept"),
    "person_column": Term("colonne de personne physique non lue", "column about a natural person not read"),
}


def reason(key: str, *, lang: Lang = "fr") -> str:
    """Return the text of a reason; a text that is no key stays as it is.

    Examples
    --------
    >>> reason("checksum")
    'clé de contrôle fausse'
    >>> reason("checksum", lang="en")
    'wrong check digit'
    """
    term = REASONS.get(key)
    return key if term is None else (term.fr if lang == "fr" else term.en)
