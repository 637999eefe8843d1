"""The sentences of a report, in French and in English, with their places to fill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["COLUMNS", "NOUNS", "TEXTS"]

_FR: Final = {
    "title": "Un réseau d’acteurs et ses silos",
    "subtitle": "{actors}, {ties}",
    "size": "Ce réseau réunit {actors} et {ties}, dans {layers}.",
    "lone": "Ce réseau réunit {actors} et aucun lien connu.",
    "one_layer": "une seule couche",
    "named": "{count} : {names}",
    "periods": "Il se lit sur {count} périodes : {names}. Chiffres et images portent sur la période "
    "« {focus} », où l’on connaît {actors}.",
    "unknown": "Le statut de {ties} de plus est inconnu, ce qui ne compte dans aucune mesure : "
    "inconnu ne veut pas dire absent.",
    "composition": "Les acteurs se répartissent ainsi, selon le critère « {by} » : {groups}.",
    "h_map": "Le réseau en une image",
    "map_caption_free": "Les acteurs, rapprochés selon leurs liens. Plus un signe est grand, plus de chemins entre "
    "les autres acteurs passent par lui.",
    "map_caption": "Les acteurs, regroupés selon le critère « {by} ». Plus un signe est grand, plus de chemins entre "
    "les autres acteurs passent par lui. Un cercle entoure ceux qui ont le plus de partenaires hors de leur groupe.",
    "h_money": "Combien, et à qui ?",
    "money": "{layer} : {total} en tout, pour {ties}, de {payers} à {receivers}.",
    "colon": " : ",
    "semicolon": " ; ",
    "money_periods": "Par période : {amounts}.",
    "money_half": "La moitié de ce total va à {half}.",
    "money_all": "Tout va à {half}.",
    "money_none": "sans date",
    "money_table": "Les premiers bénéficiaires",
    "h_silo": "Travaille-t-on surtout entre soi ?",
    "silo": "Selon le critère « {by} », l’indice de silo vaut {observed} : {inside} {what} {stay} à "
    "l’intérieur d’un même "
    "groupe. "
    "Si l’on redistribuait les groupes au hasard entre les mêmes acteurs, il vaudrait en moyenne {expected} "
    "(et {low} à {high} dans 95 cas sur 100).",
    "silo_more": "Les acteurs d’un même groupe travaillent donc ensemble plus que le hasard ne le ferait (p {p}).",
    "silo_less": "Les liens traversent donc les groupes plus que le hasard ne le ferait (p {p}).",
    "silo_same": "L’écart ne dépasse pas ce que le hasard peut produire (p {p}) : on ne peut conclure ni à un silo, "
    "ni à une ouverture.",
    "silo_few": "Avec si peu de répartitions comparées, aucune n’est rare : rien ne permet de conclure (p {p}).",
    "silo_undefined": "L’indice de silo ne peut pas être calculé ici : il faut au moins deux groupes et un lien.",
    "silo_unknown": "Le critère « {by} » n’est connu que pour {known} sur {all} : c’est trop peu pour dire si l’on "
    "travaille entre soi, ni qui relie les groupes.",
    "silo_nothing": "Le critère « {by} » n’est connu pour aucun acteur : on ne peut dire ni si l’on travaille "
    "entre soi, ni qui relie les groupes.",
    "silo_single": "Tous les acteurs dont le critère « {by} » est connu ({known} sur {all}) sont du même groupe, "
    "« {group} » : ce critère ne peut dire ni si l’on travaille entre soi, ni qui relie les groupes.",
    "quoted": "« {} »",
    "other_criteria": "D’autres critères distinguent des groupes : {names}.",
    "complete": "Complétez ce critère, ou choisissez-en un autre.",
    "silo_table": "Indice de silo par couche",
    "stays": "reste",
    "stay": "restent",
    "all_ties": "des liens",
    "all_weight": "de l’intensité des liens",
    "other_groups": "Autres groupes",
    "mixing_folded": "« Autres groupes » en réunit plusieurs : sa case compte aussi les liens de l’un à l’autre.",
    "mixing_caption": "Qui travaille avec qui. En gras, les liens observés, de la ligne vers la colonne ; "
    "dessous, ceux que "
    "l’on attendrait si chacun gardait son nombre de liens sans regarder les groupes. ▲ ou rouge : plus, ▼ ou "
    "bleu : moins qu’attendu.",
    "h_bridges": "Qui fait le pont ?",
    "bridges": "Le tableau classe les acteurs par leur rôle de facilitateur entre groupes. L’intervalle dit dans "
    "quelle plage ce rang moyen resterait si l’on avait observé d’autres acteurs du même réseau.",
    "bridges_clear": "{first} se détache : son intervalle ne recouvre celui d’aucun autre acteur du tableau.",
    "bridges_open": "Les intervalles se recouvrent : l’ordre entre {names} n’est pas établi.",
    "bridges_paths": "Le tableau donne la part des plus courts chemins entre groupes qui passe par chaque acteur. "
    "L’intervalle dit dans quelle plage cette part resterait si l’on avait observé d’autres acteurs du même réseau.",
    "bridges_large": "Le tableau donne la part des plus courts chemins entre groupes qui passe par chaque acteur. "
    "Avec {actors}, refaire ce calcul sur des dizaines de réseaux tirés au sort prendrait des heures : il n’y a "
    "donc pas "
    "d’intervalle, et l’ordre entre valeurs proches n’est pas établi.",
    "bridges_none": "Aucun acteur n’a ici de partenaire dans un autre groupe que le sien.",
    "bridges_counted": "Des liens vont d’un groupe à l’autre, mais, lus dans leur sens, ils ne s’enchaînent pas : "
    "aucun acteur n’est un intermédiaire. Le tableau compte les partenaires de chacun hors de son groupe.",
    "outside_table": "Les acteurs qui ont le plus de partenaires hors de leur groupe",
    "h_partners": "Qui a le plus de partenaires ?",
    "partners": "Le tableau compte les partenaires de chacun, sans regarder les groupes : il ne dit pas qui fait le "
    "pont.",
    "partners_table": "Les acteurs qui ont le plus de partenaires",
    "bridges_table": "Les acteurs qui relient le plus de groupes",
    "h_change": "Qu’est-ce qui a changé, qu’est-ce qui reste ?",
    "change": "De « {before} » à « {after} », liens apparus : {created} ; retrouvés : {stable} ; "
    "disparus : {dissolved} ; inconnus à l’une des deux périodes : {unknown}.",
    "kept": "Sur {ties} de la période « {before} », on en retrouve {kept} ensuite : entre {lower} et {upper}, "
    "selon le devenir de {unknown}, dont on ne sait rien.",
    "kept_sure": "Sur {ties} de la période « {before} », on en retrouve {kept} ensuite, soit {observed}.",
    "kept_open": "L’écart entre les deux bornes est trop large pour conclure : il faudrait enquêter.",
    "change_caption": "Les liens, période par période, sur les mêmes positions ; chaque période est comparée à "
    "la précédente. "
    "En gras, les acteurs qui ont gagné ou perdu un lien ; petit et pâle : acteur sans lien.",
    "h_needs": "Les besoins et qui y répond",
    "needs_table": "Réponses par besoin",
    "needs": "Besoins qui ont plusieurs réponses connues : {covered} ; une seule : {sole}. Là où un seul "
    "acteur répond, plus personne ne le fait s’il vient à manquer.",
    "sole": "Une seule réponse connue : {names}.",
    "gaps": "Besoin par besoin et territoire par territoire, {several} ont plusieurs réponses, {sole} une seule "
    "et {gap} "
    "aucune qui soit connue.",
    "needs_more": "Réponses par besoin : les besoins les plus fragiles ; les autres sont dans le classeur",
    "h_missing": "Ce que l’on ne sait pas",
    "asked": "Acteurs observés ou interrogés : {periods}. Les autres ne sont pas « sans lien » : on ne sait pas.",
    "asked_period": "{observed} sur {asked} ({period})",
    "no_observation": "Le réseau ne dit pas qui a été interrogé : un lien qui manque peut être absent ou inconnu.",
    "undated": "Liens sans date, qui n’entrent dans aucune période : {}.",
    "ungrouped": "Acteurs dont le critère « {by} » n’est pas connu, réunis en un groupe à part : {}.",
    "isolates": "Acteurs sans aucun lien présent : {}.",
    "h_withheld": "Ce que ce rapport ne publie pas",
    "masked": "Personnes et entrepreneurs individuels dont le nom est remplacé par le type et un numéro : {}.",
    "grouped": "Personnes et entrepreneurs individuels réunis par type et lieu, sans nombre au-dessous de cinq.",
    "secret": "Montants confidentiels, non publiés (chaque lien y compte pour 1) : {}.",
    "h_method": "Méthode et définitions",
    "m_silo": "Indice de silo : de −1 (tous les liens sortent des groupes) à +1 (tous y restent) ; c’est l’opposé de "
    "l’indice E-I (Krackhardt et Stern, 1988). L’attendu et l’intervalle viennent de {n} permutations des groupes "
    "entre acteurs (graine {seed}) ; p est la part de ces tirages aussi loin de l’attendu que l’observé.",
    "m_facilitator": "Facilitateur : rang moyen sur plusieurs mesures (perte d’efficacité entre groupes si l’acteur "
    "disparaît, courtage, intermédiarité entre groupes, paires de groupes reliées, faible contrainte), de 0 à 1.",
    "m_interval": "Intervalles : {n} réseaux d’acteurs tirés au sort avec remise (Snijders et Borgatti, 1999) ; "
    "{level} des valeurs obtenues y tombent. Un verdict n’est donné que si les intervalles ne se recouvrent pas.",
    "m_layers": "Couche par couche, le seuil de 5 % est divisé par le nombre de couches lues (Bonferroni).",
    "m_weight": "Intensité : plus un lien est fort, plus il rapproche deux acteurs. Seuls les liens présents comptent.",
    "m_version": "Calculs : reseau_territorial {version}. Chaque chiffre peut être rejoué avec la même graine.",
    "h_sources": "Sources",
    "no_sources": "Le réseau ne nomme pas ses sources.",
    "more_layers": "Les couches aux liens les plus nombreux ; les autres sont dans le classeur.",
    "c_amount": "Montant",
    "c_receiver": "Bénéficiaire",
    "c_share": "Part",
    "c_layer": "Couche",
    "c_ties": "Liens",
    "c_observed": "Indice",
    "c_expected": "Attendu",
    "c_reading": "Lecture",
    "c_actor": "Acteur",
    "c_score": "Rôle",
    "c_paths": "Part des chemins",
    "c_interval": "Intervalle",
    "c_partners": "Partenaires",
    "c_outside": "Partenaires hors du groupe",
    "c_groups": "Groupes atteints",
    "c_need": "Besoin",
    "c_answers": "Réponses connues",
    "c_who": "Par qui",
    "r_more": "silo",
    "r_less": "ouverture",
    "r_same": "hasard possible",
    "r_none": "rien à comparer",
    "and": " et ",
    "to": " à ",
    "a_actors": "Acteurs",
    "a_ties": "Liens",
    "a_mixing": "Qui avec qui",
    "a_silo": "Silos",
    "a_facilitators": "Facilitateurs",
    "a_money": "Montants",
    "a_provision": "Besoins",
    "a_method": "Méthode",
    "a_sources": "Sources",
    "a_definition": "Définition",
}

_EN: Final = {
    "title": "A network of actors and its silos",
    "subtitle": "{actors}, {ties}",
    "size": "This network brings together {actors} and {ties}, in {layers}.",
    "lone": "This network brings together {actors} and no known tie.",
    "one_layer": "one layer only",
    "named": "{count}: {names}",
    "periods": "It is read over {count} periods: {names}. Figures and pictures are about the period "
    "“{focus}”, where {actors} are known.",
    "unknown": "The status of {ties} more is unknown, which counts in no metric: unknown does not mean absent.",
    "composition": "The actors, by {by}: {groups}.",
    "h_map": "The network in one picture",
    "map_caption_free": "The actors, near those that they are tied to. The larger a sign, the more paths between other "
    "actors run through it.",
    "map_caption": "The actors, grouped by {by}. The larger a sign, the more paths between other actors run "
    "through it. A ring marks "
    "those with most partners outside their group.",
    "h_money": "How much, and to whom?",
    "money": "{layer}: {total} in all, for {ties}, from {payers} to {receivers}.",
    "colon": ": ",
    "semicolon": "; ",
    "money_periods": "By period: {amounts}.",
    "money_half": "Half of this total goes to {half}.",
    "money_all": "All of it goes to {half}.",
    "money_none": "without a date",
    "money_table": "The first recipients",
    "h_silo": "Do actors mostly work with their own kind?",
    "silo": "The silo index by {by} is {observed}: {inside} of the {what} {stay} inside a group. If the groups "
    "were dealt "
    "out at random among the same actors, it would be {expected} on average (and {low} to {high} 95 times out of 100).",
    "silo_more": "So actors of the same group work together more than chance would have it (p {p}).",
    "silo_less": "So ties cross groups more than chance would have it (p {p}).",
    "silo_same": "The difference is not beyond what chance can produce (p {p}): neither a silo nor an opening can be "
    "concluded.",
    "silo_few": "With so few arrangements compared, none is rare: nothing can be concluded (p {p}).",
    "silo_undefined": "The silo index cannot be computed here: it takes at least two groups and one tie.",
    "silo_unknown": "The {by} is known for {known} of {all} only: too few to tell whether actors work with their own "
    "kind, or who joins the groups.",
    "silo_nothing": "The {by} is known for no actor: neither whether actors work with their own kind nor who joins "
    "the groups can be told.",
    "silo_single": "All actors whose {by} is known ({known} of {all}) are of one group, “{group}”: it can tell neither "
    "whether actors work with their own kind, nor who joins the groups.",
    "quoted": "“{}”",
    "other_criteria": "Other columns tell groups apart: {names}.",
    "complete": "Complete this column, or choose another.",
    "silo_table": "Silo index per layer",
    "stays": "stays",
    "stay": "stay",
    "all_ties": "ties",
    "all_weight": "weight of ties",
    "other_groups": "Other groups",
    "mixing_folded": "“Other groups” holds several: its square also counts ties from one to another.",
    "mixing_caption": "Who works with whom. In bold, ties observed, from row to column; under them, those "
    "expected if all "
    "kept their number of ties whatever the groups. ▲ or red: more, ▼ or blue: fewer than expected.",
    "h_bridges": "Who bridges?",
    "bridges": "The table ranks actors by their part as facilitators between groups. The interval says where this mean "
    "rank would stay had other actors of the same network been observed.",
    "bridges_clear": "{first} stands out: its interval overlaps that of no other actor of the table.",
    "bridges_open": "The intervals overlap: the order between {names} is not established.",
    "bridges_paths": "The table gives the share of the shortest paths between groups that runs through each actor. The "
    "interval says where this share would stay had other actors of the same network been observed.",
    "bridges_large": "The table gives the share of the shortest paths between groups that runs through each "
    "actor. With "
    "{actors}, doing so again on dozens of random networks would take hours: there is no interval, and the "
    "order between "
    "close values is not established.",
    "bridges_none": "No actor has a partner outside its own group here.",
    "bridges_counted": "Ties run from group to group, but none follows another in its direction: no actor is a "
    "go-between. The table counts the partners of each outside its group.",
    "outside_table": "The actors with most partners outside their group",
    "h_partners": "Who has most partners?",
    "partners": "The table counts the partners of each, whatever the groups: it does not say who bridges.",
    "partners_table": "The actors with most partners",
    "bridges_table": "The actors that join most groups",
    "h_change": "What has changed, what lasts?",
    "change": "From “{before}” to “{after}”, ties that appeared: {created}; found again: {stable}; gone: {dissolved}; "
    "not known in both periods: {unknown}.",
    "kept": "Of {ties} in the period “{before}”, {kept} can be found later: between {lower} and {upper}, "
    "depending on the fate of {unknown} of which nothing is known.",
    "kept_sure": "Of {ties} in the period “{before}”, {kept} can be found later, that is {observed}.",
    "kept_open": "The two bounds are too far apart to conclude: a survey is needed.",
    "change_caption": "The ties, period by period, on the same positions; each period is compared with the one "
    "before. In "
    "bold, actors that gained or lost a tie; small and pale: actor without ties.",
    "h_needs": "Needs and who answers them",
    "needs_table": "Answers per need",
    "needs": "Needs with several known answers: {covered}; with only one: {sole}. Where one actor answers, nobody does "
    "if it fails.",
    "sole": "Only one known answer: {names}.",
    "gaps": "Need by need and territory by territory, {several} have several answers, {sole} only one and {gap} "
    "none that "
    "is known.",
    "needs_more": "Answers per need: the most fragile needs; the others are in the workbook",
    "h_missing": "What is not known",
    "asked": "Actors observed or asked: {periods}. The others are not “without ties”: it is not known.",
    "asked_period": "{observed} of {asked} ({period})",
    "no_observation": "The network does not say who was asked: a missing tie may be absent or unknown.",
    "undated": "Undated ties, which belong to no period: {}.",
    "ungrouped": "Actors whose {by} is not known, which make a group of their own: {}.",
    "isolates": "Actors without any present tie: {}.",
    "h_withheld": "What this report does not publish",
    "masked": "Natural persons and sole traders whose name is replaced by their kind and a number: {}.",
    "grouped": "Natural persons and sole traders gathered by kind and territory, without a number under five.",
    "secret": "Confidential amounts, not published (each tie counts for 1): {}.",
    "h_method": "Method and definitions",
    "m_silo": "Silo index: from −1 (all ties leave the groups) to +1 (all stay inside); minus the E-I index "
    "(Krackhardt and Stern, 1988). The expectation and interval come from {n} permutations of groups (seed {seed}); "
    "p is the share of them as far from the expectation as what was observed.",
    "m_facilitator": "Facilitator: mean rank over several metrics (loss of efficiency between groups without the "
    "actor, brokerage, cross-group betweenness, pairs of groups joined, low constraint), from 0 to 1.",
    "m_interval": "Intervals: {n} networks of actors drawn at random with replacement (Snijders and Borgatti, 1999); "
    "{level} of the values fall inside. A verdict is given only where intervals do not overlap.",
    "m_layers": "Layer by layer, the 5% level is divided by the number of layers read (Bonferroni).",
    "m_weight": "Weight: a stronger tie is closer. Only present ties count.",
    "m_version": "Computed with reseau_territorial {version}. Each figure can be replayed with the same seed.",
    "h_sources": "Sources",
    "no_sources": "The network does not name its sources.",
    "more_layers": "The layers with most ties; the others are in the workbook.",
    "c_amount": "Amount",
    "c_receiver": "Recipient",
    "c_share": "Share",
    "c_layer": "Layer",
    "c_ties": "Ties",
    "c_observed": "Index",
    "c_expected": "Expected",
    "c_reading": "Reading",
    "c_actor": "Actor",
    "c_score": "Part",
    "c_paths": "Share of paths",
    "c_interval": "Interval",
    "c_partners": "Partners",
    "c_outside": "Partners outside",
    "c_groups": "Groups reached",
    "c_need": "Need",
    "c_answers": "Known answers",
    "c_who": "By whom",
    "r_more": "silo",
    "r_less": "opening",
    "r_same": "may be chance",
    "r_none": "nothing to compare",
    "and": " and ",
    "to": " to ",
    "a_actors": "Actors",
    "a_ties": "Ties",
    "a_mixing": "Who with whom",
    "a_silo": "Silos",
    "a_facilitators": "Facilitators",
    "a_money": "Amounts",
    "a_provision": "Needs",
    "a_method": "Method",
    "a_sources": "Sources",
    "a_definition": "Definition",
}

# One and several, of what a report counts; French says “0 lien”.
NOUNS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "fr": {
        "actor": ("acteur", "acteurs"),
        "known": ("lien connu", "liens connus"),
        "tie": ("lien", "liens"),
        "layer": ("couche", "couches"),
        "payer": ("financeur", "financeurs"),
        "receiver": ("bénéficiaire", "bénéficiaires"),
        "amount": ("versement", "versements"),
        "buyer": ("acheteur", "acheteurs"),
        "holder": ("titulaire", "titulaires"),
        "contract": ("contrat", "contrats"),
        "other_actor": ("autre acteur", "autres acteurs"),
        "pair": ("cas", "cas"),
        "need": ("autre besoin", "autres besoins"),
        "group": ("autre groupe", "autres groupes"),
        "other_layer": ("autre", "autres"),
    },
    "en": {
        "actor": ("actor", "actors"),
        "known": ("known tie", "known ties"),
        "tie": ("tie", "ties"),
        "layer": ("layer", "layers"),
        "payer": ("payer", "payers"),
        "receiver": ("recipient", "recipients"),
        "amount": ("payment", "payments"),
        "buyer": ("buyer", "buyers"),
        "holder": ("supplier", "suppliers"),
        "contract": ("contract", "contracts"),
        "other_actor": ("more actor", "more actors"),
        "pair": ("case", "cases"),
        "need": ("more need", "more needs"),
        "group": ("more group", "more groups"),
        "other_layer": ("other", "others"),
    },
}
TEXTS: Final[Mapping[str, Mapping[str, str]]] = {"fr": _FR, "en": _EN}

# Columns of the annex that the vocabulary of the tables does not name, or names for another use.
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "source_name": "nom de l’origine",
        "target_name": "nom de la destination",
        "actor_name": "nom de l’acteur",
        "need_label": "libellé du besoin",
        "confidence": "confiance",
        "quantity": "quantité",
        "unit": "unité",
        "note": "remarque",
        "line": "ligne",
        "object": "objet",
        "reference": "référence",
        "years": "années",
        "producer": "producteur",
        "title": "titre",
        "url": "adresse",
        "share": "part",
        "expected": "attendu",
        "ratio": "observé sur attendu",
        "expected_permuted": "attendu par permutation",
        "sd_permuted": "écart-type par permutation",
        "zscore": "écart réduit (z)",
        "observed": "indice de silo",
        "sd": "écart-type au hasard",
        "pvalue_normal": "p (loi normale)",
        "groups": "groupes",
        "loss": "perte d’efficacité sans lui",
        "brokerage_z": "courtage (z)",
        "group_pairs": "paires de groupes reliées",
        "openness": "ouverture",
        "score": "rôle",
        "paths": "part des chemins",
        "lowest": "rôle, au plus bas",
        "highest": "rôle, au plus haut",
        "low": "intervalle, bas",
        "high": "intervalle, haut",
        "amount": "montant (€)",
    },
    "en": {
        "source_name": "name of source",
        "target_name": "name of target",
        "actor_name": "name of actor",
        "observed": "silo index",
        "amount": "amount (€)",
    },
}
