"""Names that the columns of grant files go by: the national schema, and what authorities really write."""

from __future__ import annotations

import re
from typing import Final

from reseau_territorial._dialect import plain_key
from reseau_territorial.opendata._headers import Header, Vocabulary, Wording, fold
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata.amounts import MISSING_WORDS, parse_amount
from reseau_territorial.opendata.dates import parse_date

__all__ = [
    "AMOUNTS",
    "GRANTS",
    "PERIODS_OF_PAYMENT",
    "YEAR_IN_NAME",
    "amount_columns",
    "places_of",
    "tell_other_amounts",
    "yearly_columns",
]

AMOUNTS: Final = ("amount", "operating", "investment")
"""Columns whose euros are grants; loans, guarantees and advantages in kind are read beside them."""

_ALIASES: Final = {
    "payer_name": [
        "nomAttribuant", "Nom de l'attribuant", "Nom de l'attributaire", "Nom collectivité", "Attribuant",
        "Collectivité", "Nom de la collectivité", "coll_nom", "cscollnom", "Financeur", "Organisme attribuant",
        "Autorité administrative", "Gestion", "nom_attribuant", "Direction gestionnaire",
    ],
    "payer_id": [
        "idAttribuant", "Identification de l'attribuant", "Identification de l'attributaire",
        "Identification SIRET de l'attribuant", "Identification de l'attributaire (SIRET)", "SIRET attribuant",
        "identifiant_attribuant", "attribuant_id", "coll_siret", "SIREN attribuant", "N° SIRET attribuant",
        "SIRET de l'attribuant", "idAttributaire", "siret_collectivite",
    ],
    "date": [
        "dateConvention", "Date de la convention de subvention", "Date de la convention", "Date de convention",
        "Date de signature de la convention", "Date convention", "datedecision", "date de délibération",
        "datevote", "Date de la décision", "acte_date", "la_date_conv", "Date décision", "Date de vote",
    ],
    "year": [
        "Année", "Annee", "Exercice", "exerciceBudgetaire", "annee_subv", "Année budgétaire", "An",
        "Année de la subvention", "Année d'attribution", "anne", "annze",
    ],
    "reference": [
        "referenceDecision", "Référence de la décision", "Référence décision", "acte_ref", "decision_ref",
        "Référence administrative", "numero_complet_engagement", "referenceConvention", "N° délibération",
        "Numéro de délibération",
    ],
    "payee_name": [
        "nomBeneficiaire", "Nom du bénéficiaire", "NOM_BENEFICIAIRE", "Bénéficiaire", "Bénéficiaires",
        "Nom de l'organisme bénéficiaire", "Désignation du bénéficiaire", "Nom de la structure", "Structure",
        "Raison sociale", "Tiers", "Libellé tiers", "Nom de l'association", "Association", "Organisme",
        "libelle_beneficiaire", "beneficiaire_nom", "attrib_nom", "liborgabenef", "Nom", "Nom du tiers",
        "tiers_beneficiaire", "libelle_complet_tiers", "nom_structure", "nom_des_beneficaires",
        "Dénomination", "Association bénéficiaire", "Organisme bénéficiaire", "nombeneficiare",
    ],
    "payee_name_2": ["Raison sociale 2", "Complément de nom", "Raison sociale complément"],
    "payee_id": [
        "idBeneficiaire", "Identification du bénéficiaire", "Identification SIRET du bénéficiaire",
        "SIRET bénéficiaire", "SIRET", "N° SIRET", "Numéro SIRET", "SIREN", "SIRET ou NIR", "idBeneficiare",
        "code_siren_siret", "attrib_siret", "beneficiaires_id", "beneficiaire_code", "SIREN bénéficiaire",
        "SIRET du bénéficiaire", "Numéro de référencement au répertoire des entreprises", "SIREN/SIRET",
        "N° SIREN", "Code SIRET",
    ],
    "payee_rna": ["rnaBeneficiaire", "RNA", "N° RNA", "Numéro RNA", "RNA bénéficiaire", "RNA du bénéficiaire"],
    "payee_postcode": ["Code postal", "CP", "code_postal_beneficiaire", "Adresse de l'organisme"],
    "payee_place": ["Commune", "Ville", "Commune du bénéficiaire", "Localité"],
    "object": [
        "objet", "Objet de la subvention", "Objet du dossier", "Nom du projet", "Libellé", "Intitulé du projet",
        "Description", "Projet", "Libellé du projet", "Intitulé",
    ],
    "amount": [
        "montant", "Montant total de la subvention", "Montant de la subvention", "Montant attribué",
        "Montant voté", "Montant versé", "Montant accordé", "Subvention", "Subvention allouée",
        "Subvention votée", "Subvention accordée", "Subvention attribuée", "Subvention versée", "Mandaté",
        "Montant mandaté", "total_des_mandats_emis", "mtsubv", "Montant en euros", "Montant (€)", "Montant €",
        "Subvention totale", "subventions_versees", "Détail des subventions", "Montant alloué", "Montant TTC",
        "la_somme_e_mtdel", "Montant subvention", "Subvention DETR", "Subvention DSIL", "Montant DETR",
        "Montant DSIL", "Montant de la subvention DETR", "Montant de la subvention DSIL", "Dotation DETR",
    ],
    "operating": ["Montant de la subvention de fonctionnement", "Subvention de fonctionnement", "Fonctionnement"],
    "investment": [
        "Montant de la subvention d'investissement", "Subvention d'investissement", "Investissement",
    ],
    "loan": ["Montant du prêt", "montantPret", "Prêt"],
    "guarantee": ["Montant de la garantie", "montantGarantie", "Garantie", "Garantie d'emprunt"],
    "in_kind": [
        "Avantages en nature", "Détail des avantages en nature", "detailAvantagesNature", "Aide en nature",
    ],
    "in_kind_value": [
        "Estimation des avantages en nature", "estimationAvantageNatures", "Montant des avantages en nature",
    ],
    "requested": ["Montant demandé", "Montant Demandé 2014", "demandé", "Subvention demandée", "Montant sollicité"],
    "group_total": ["Total des subventions", "Total", "Somme de Montant"],
    "nature": ["nature", "Nature de la subvention", "type_d_avantage", "Type d'aide", "Nature de l'aide"],
    "conditions": [
        "conditionsVersement", "Conditions de versement de la subvention", "Conditions de versement",
        "conditionVersement", "subv_versement",
    ],
    "payment_dates": [
        "datesPeriodeVersement", "Date ou période de versement", "Date(s) ou période(s) de versement",
        "datePeriodeVersement", "dates_versement", "Dates de période de versement", "dateSoldeVersement",
    ],
    "rae": ["idRAE", "Identifiant RAE de l’aide au titre de laquelle la subvention est attribuée", "rae_num"],
    "notified": [
        "notificationUE", "Aide d'Etat notifiée à la Commission Européenne", "Notification à l'Union européenne",
        "Aide notifiée à l'Europe",
    ],
    "share": [
        "pourcentageSubvention", "Pourcentage du montant total de la subvention attribuée au bénéficiaire",
        "Pourcentage du montant de la subvention attribuée au bénéficiaire", "Pourcentage", "Pourcentage Subvention",
    ],
    "programme": ["Imputation", "dispositifAide", "dispositif", "Dispositif d'aide", "Programme", "Thématique"],
}  # fmt: skip

_PAYEES: Final = "bénéficiaire association organisme structure tiers"
_PAYERS: Final = "attribuant collectivité financeur"
_DECIDED: Final = (
    "attribué accordé voté alloué versé octroyé payé mandaté attribution décision vote délibération octroi"
)
_WORDINGS: Final = tuple(
    Wording(field, tuple(plain_key(group).replace("_", " ") for group in groups), plain_key(others).replace("_", " "))
    for field, groups, others in (
        ("payee_rna", ("rna waldec",), f"{_PAYEES} identifiant id code association"),
        ("payee_id", ("siret siren identifiant identification id", _PAYEES), "code établissement siège"),
        ("payer_id", ("siret siren identifiant identification id", _PAYERS), "code établissement"),
        (
            "payee_name",
            ("nom raison dénomination libellé désignation intitulé", _PAYEES),
            "sociale complet légal usuel",
        ),
        ("payee_name", (_PAYEES,), f"{_PAYEES} subventionné"),
        ("payer_name", ("nom raison dénomination libellé", _PAYERS), "sociale complet"),
        ("date", ("date",), f"{_DECIDED} convention notification signature commission permanente conseil séance cp"),
        ("year", ("année exercice",), f"{_DECIDED} budgétaire budget subvention aide versement"),
        (
            "amount",
            ("montant subvention aide", f"montant {_DECIDED}"),
            f"{_PAYEES} {_PAYERS} total global définitif annuel financière subvention aide par ttc numéraire",
        ),
        (
            "object",
            ("objet intitulé description descriptif nature titre", "projet demande dossier action subvention aide"),
            "",
        ),
    )
)

PERIODS_OF_PAYMENT: Final = re.compile(r"\s*(\d{4}(?:-\d{2}){0,2})(?![\d-]).*", re.DOTALL)
YEAR_IN_NAME: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_LETTER: Final = re.compile(r"[^\W\d_]")


def _is_amount(text: str) -> bool:
    return parse_amount(text, mark=",").issue in {"", "missing", "flag", "range"}


def _is_code(text: str) -> bool:
    bare = re.sub(r"[\s'’\".=]", "", text)
    form = r"\d+(?:,0+|,\d+[eE]\+\d+)?|[A-Za-z]{1,6}\d[\dA-Za-z]*"
    return bare.casefold() in MISSING_WORDS or re.fullmatch(form, bare) is not None


def _is_date(text: str) -> bool:
    return parse_date(text).issue in {"", "missing", "ambiguous"}


def _is_no_number(text: str) -> bool:
    return re.fullmatch(r"[\d\s.,€%]+", text) is None


def _is_text_or_year(text: str) -> bool:
    return _is_no_number(text) or YEAR_IN_NAME.fullmatch(text) is not None


def _has_a_letter(text: str) -> bool:
    return _LETTER.search(text) is not None


def _is_share(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}(?:[.,]\d+)?\s*%?", text) is not None or text.casefold() in {"na", "nc"}


GRANTS: Final = Vocabulary(
    aliases=_ALIASES,
    needed=(("payee_name", "payee_id"), ("amount", "operating", "investment", "group_total")),
    checks={
        "amount": _is_amount,
        "operating": _is_amount,
        "investment": _is_amount,
        "payer_name": _has_a_letter,
        "payee_name": _has_a_letter,
        "payer_id": _is_code,
        "payee_id": _is_code,
        "date": _is_date,
        "year": _is_date,
        "object": _is_text_or_year,
        "nature": _is_no_number,
        "conditions": _is_no_number,
        "notified": _is_no_number,
        "share": _is_share,
    },
    wordings=_WORDINGS,
    amounts=frozenset(
        {"amount", "operating", "investment", "loan", "guarantee", "share", "in_kind_value", "requested", "group_total"}
    ),
)
"""What grant files are made of."""


def places_of(header: Header, name: str) -> tuple[int, ...]:
    """Return the columns of a field; of several columns of amounts, only those whose name comes first in our list."""
    places = header.columns.get(name, ())
    if name not in AMOUNTS or len(places) < 2:
        return places
    order = [fold(alias) for alias in GRANTS.aliases[name]]
    ranks = {place: order.index(fold(header.names[place])) for place in places if fold(header.names[place]) in order}
    best = min(places, key=lambda place: (ranks.get(place, len(order)), place))
    return tuple(place for place in places if header.names[place] == header.names[best])


def yearly_columns(header: Header) -> dict[str, tuple[int, ...]]:
    """Return one column per year, for a table with several columns of amounts that differ by the year."""
    places = header.columns.get("amount", ())
    years = [YEAR_IN_NAME.findall(header.names[place]) for place in places]
    told = [found[0] for found in years if len(found) == 1]
    if len(places) < 2 or len(set(told)) != len(places):
        return {}
    return {f"amount {year}": (place,) for year, place in zip(told, places, strict=True)}


def amount_columns(header: Header, yearly: dict[str, tuple[int, ...]]) -> dict[str, int | None]:
    """Return the columns to read as grants: by year, else the amount, else its two parts, else the total."""
    if yearly:
        return {name: int(name.rpartition(" ")[2]) for name in yearly}
    if "amount" in header.columns:
        return {"amount": None}
    parts = [name for name in AMOUNTS if name in header.columns]
    return dict.fromkeys(parts or ["group_total"])


def tell_other_amounts(header: Header, yearly: dict[str, tuple[int, ...]], title: str, log: ReadingLog) -> None:
    read = {place for places in yearly.values() for place in places}
    if not yearly:
        read = {place for name in amount_columns(header, yearly) for place in places_of(header, name)}
    others = [header.names[place] for name in AMOUNTS for place in header.columns.get(name, ()) if place not in read]
    if others:
        log.add("decided", "other_amounts", file=title, column=header.name_of("amount"), raw=", ".join(others))
