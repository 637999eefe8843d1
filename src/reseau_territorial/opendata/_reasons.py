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
    "cut_short": Term(
        "dernière ligne coupée\u202f: le fichier est incomplet, à télécharger de nouveau",
        "last line cut: the file is incomplete, download it again",
    ),
    "cells_not_written": Term(
        "dernières cellules absentes, lues comme vides", "last cells not written, read as missing"
    ),
    "list_cut": Term(
        "liste coupée (32 767 caractères au plus dans une cellule), aucun de ses codes n’est lu",
        "list cut (a cell holds 32,767 characters), none of its codes is read",
    ),
    "no_row": Term("en-tête sans aucune ligne au-dessous", "header without a row below it"),
    "list_not_read": Term(
        "liste du fichier dont les éléments ne sont pas des contrats, non lue (leur nombre)",
        "list of the file whose records are no contracts, not read (how many)",
    ),
    "note": Term("note au pied du tableau", "note under the table"),
    "nameless": Term("ligne sans nom", "row without a name"),
    "separators_only": Term("ligne faite de séparateurs seulement", "row made of separators only"),
    "unknown_layout": Term("table d’un autre type, non lue", "table of another kind, not read"),
    "total_line": Term("ligne de total écartée", "total line left out"),
    "merged_cell": Term("cellule fusionnée, lue sur chacune de ses lignes", "merged cell, read on each of its rows"),
    "repeated_column": Term(
        "colonnes de même nom et de valeurs différentes, la première est lue",
        "columns of the same name with other values, the first one is read",
    ),
    "repeated_row": Term("ligne répétée, comptée une fois", "repeated row, counted once"),
    "repeated_key": Term("clé répétée avec des valeurs différentes", "repeated key with other values"),
    # territories and groupings
    "municipal_arrondissement": Term(
        "arrondissement municipal rattaché à sa commune", "municipal arrondissement brought to its commune"
    ),
    "former_commune": Term("commune qui n’existe plus, laissée de côté", "commune that is no more, left out"),
    "no_epci": Term("commune sans intercommunalité à fiscalité propre", "commune without an intercommunality"),
    "several_epci": Term(
        "commune dans plusieurs intercommunalités à fiscalité propre", "commune in several intercommunalities"
    ),
    "no_membership": Term(
        "aucun fichier ne dit l’intercommunalité des communes", "no file says the intercommunality of the communes"
    ),
    "siren_of_another": Term("SIREN d’une autre commune", "SIREN of another commune"),
    "siren_of_several": Term("SIREN écrit pour plusieurs communes", "SIREN written for several communes"),
    "not_in_vintage": Term("code absent du millésime", "code that the vintage does not have"),
    "no_siren": Term("sans SIREN dans le fichier", "no SIREN in the file"),
    "unknown_member": Term("membre absent des fichiers donnés", "member not in the files given"),
    "unknown_grouping": Term("groupement absent du fichier des groupements", "grouping not in the file of groupings"),
    "unknown_competence": Term(
        "compétence sans libellé dans la nomenclature", "competence without a label in the nomenclature"
    ),
    "label_alike": Term(
        "libellé de compétence presque égal, reconnu", "label of a competence nearly equal, recognised"
    ),
    "competences_differ": Term(
        "compétences différentes d’une ligne à l’autre du groupement, toutes retenues",
        "competences differ between the rows of a grouping, all kept",
    ),
    "competence_count": Term(
        "nombre de compétences différent de celui déclaré", "number of competences differs from the declared one"
    ),
    "member_count": Term(
        "nombre de membres différent de celui déclaré", "number of members differs from the declared one"
    ),
    "commune_merged": Term("commune fusionnée : nouveau code", "commune merged: new code"),
    "commune_renumbered": Term(
        "commune renumérotée, son ancien code est celui d’une autre", "commune renumbered, another one has its code"
    ),
    "commune_split": Term(
        "communes rétablies : ce que la commune avait avant lui reste", "communes made again: what it had stays with it"
    ),
    "commune_shared_out": Term("commune partagée entre plusieurs : code gardé", "commune shared out: code kept"),
    "no_date": Term("date d’effet illisible", "date that cannot be read"),
    "epci_replaced": Term("intercommunalité remplacée : nouveau SIREN", "intercommunality replaced: new SIREN"),
    "epci_split": Term("intercommunalité scindée : commune suivie", "intercommunality split: commune followed"),
    "merged_elsewhere": Term("fusionnée dans une autre intercommunalité", "merged into another intercommunality"),
    "moved": Term("commune passée ailleurs : lien d’époque gardé", "commune moved: tie of its date kept"),
    "inner_tie": Term("lien devenu interne après fusion", "tie inside one actor after a merger"),
    "same_membership": Term("adhésions devenues la même", "memberships that became the same"),
    "later_vintage": Term("valeur d’un millésime plus récent retenue", "value of a later vintage kept"),
    "person_column": Term("colonne de personne physique non lue", "column about a natural person not read"),
    # money
    "thousands": Term("séparateurs de milliers retirés", "thousands separators removed"),
    "scientific notation": Term(
        "notation scientifique d’un programme, développée", "scientific notation of a program, expanded"
    ),
    "unquoted_separator": Term(
        "séparateur non protégé dans une cellule, ligne recoupée (une seule lecture possible)",
        "separator not quoted in a cell, row cut again (one reading only)",
    ),
    "several_cuts": Term(
        "séparateur non protégé dans une cellule, plusieurs lectures possibles",
        "separator not quoted in a cell, several readings",
    ),
    "shifted_cells": Term(
        "cellules décalées : celle-ci n’est pas de son type", "shifted cells: this one is not of its type"
    ),
    "sheet_not_read": Term("feuille non lue", "sheet not read"),
    "columns_not_read": Term("colonnes non lues", "columns not read"),
    "no_amount": Term("aucun montant", "no amount"),
    "amount_missing": Term("montant absent", "no amount"),
    "amount_ambiguous": Term("montant à deux lectures", "amount with two readings"),
    "amount_damaged": Term("montant arrondi par un tableur", "amount rounded by a spreadsheet"),
    "amount_text": Term("ce n’est pas un montant", "not an amount"),
    "amount_range": Term("fourchette de montants", "range of amounts"),
    "amount_flag": Term("case cochée à la place d’un montant", "a tick in place of an amount"),
    "amount_sentinel": Term("montant inconnu (12 311 111 111)", "amount unknown (12,311,111,111)"),
    "amount_placeholder": Term("montant de remplissage (99 999 999 ...)", "placeholder amount (99,999,999 ...)"),
    "amount_symbolic": Term("montant symbolique (1 € ou moins)", "symbolic amount (1 euro or less)"),
    "amount_absurd": Term("montant invraisemblable (10 milliards ou plus)", "absurd amount (10 billion or more)"),
    "large_amount": Term("montant de plus de 100 millions, gardé", "amount above 100 million, kept"),
    "date_ambiguous": Term("date à deux lectures", "date with two readings"),
    "date_impossible": Term("date impossible", "impossible date"),
    "date_text": Term("ce n’est pas une date", "not a date"),
    "no_year": Term("sans année : lien non daté", "no year: undated tie"),
    "year_outside_rows": Term("année lue hors des lignes", "year read outside the rows"),
    "total_differs": Term("total écrit différent des lignes", "stated total differs from the rows"),
    "negative_amount": Term("montant négatif (reprise), pas un lien", "negative amount (taken back), no tie"),
    "zero_amount": Term("montant nul, pas un lien", "zero amount, no tie"),
    "self_payment": Term("versement à soi-même, pas un lien", "payment to oneself, no tie"),
    "other_amounts": Term("autres colonnes de montants, non lues", "other columns of amounts, not read"),
    "not_a_grant": Term("prêt, garantie ou avantage en nature : hors subventions", "loan, guarantee or kind: no grant"),
    "no_payer": Term("aucun payeur nommé", "no payer named"),
    "no_payee": Term("aucun bénéficiaire nommé", "no payee named"),
    "repeated_file": Term(
        "ligne déjà lue dans un autre fichier ou une autre feuille", "row read in another file or sheet"
    ),
    "repeated_contract": Term("contrat publié deux fois", "contract published twice"),
    "repeated_for_holders": Term(
        "montant répété pour chaque titulaire, compté une fois", "amount repeated for each holder, counted once"
    ),
    "equal_rows_kept": Term("lignes égales, toutes gardées", "equal rows, all kept"),
    "superseded": Term("version remplacée par une plus récente", "version replaced by a later one"),
    "modified": Term("montant modifié : le dernier est retenu", "amount modified: the last one is kept"),
    "modified_to_zero": Term(
        "modification de 0 € ou moins : le montant d’avant est retenu",
        "modification of 0 euro or less: the amount before it is kept",
    ),
    "subcontractor": Term("sous-traitant, pas un titulaire", "subcontractor, no holder"),
    "buyers_are_holders": Term(
        "les colonnes d’acheteurs contiennent les fournisseurs", "the columns of buyers hold the suppliers"
    ),
    "natural_person": Term("personne physique masquée", "natural person masked"),
    "several_codes": Term("plusieurs codes dans une cellule, séparés", "several codes in one cell, split"),
    "branch": Term("antenne d’une même structure", "branch of one structure"),
    "no_place": Term("lieu inconnu", "place unknown"),
    "unmatched_desk": Term(
        "guichet sans numéro, retrouvé dans aucune autre liste", "desk without number, in no other list"
    ),
    "not_signed": Term("convention non signée", "agreement not signed"),
    "code_in_text": Term("code lu dans un texte, avec son millésime", "code read in a text, with its vintage"),
    "not_in_register": Term("absent du répertoire", "not in the register"),
    "ceased": Term("organisme cessé ou dissous", "body that ceased or was dissolved"),
    "local_law": Term(
        "association de droit local (Alsace-Moselle), hors RNA", "association under local law, not in the RNA"
    ),
    "no_code": Term("territoire sans code : son nom ne suffit pas", "territory without a code: its name is not enough"),
    "several_categories": Term("plusieurs catégories dans une cellule", "several categories in one cell"),
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
