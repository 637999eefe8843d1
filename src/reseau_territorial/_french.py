"""The errors of the library, said in French by the command line.

The library speaks English, so that an error can be searched for; who types a command is read a French sentence.
A sentence that has no line here stays in English.
"""

from __future__ import annotations

import re
from typing import Final

from reseau_territorial.vocabulary import label

__all__ = ["in_french"]

# English sentence, then the French one; {…} is what changes.
_SENTENCES: Final = (
    # Names
    ("Did you mean {near}?", "Vouliez-vous dire {near} ?"),
    ("no actor column named {asked}.", "aucune colonne des acteurs ne s’appelle {asked}."),
    ("no filled actor column named {asked}.", "aucun acteur n’a de {asked}."),
    ("no tie column named {asked}.", "aucune colonne des liens ne s’appelle {asked}."),
    ("no tie or actor column named {asked}.", "aucune colonne des liens ou des acteurs ne s’appelle {asked}."),
    ("no metric of actors named {asked}.", "aucune mesure par acteur ne s’appelle {asked}."),
    ("no period named {asked}.", "aucune période ne s’appelle {asked}."),
    ("Fill in the column period of the ties.", "Remplissez la colonne « période » des liens."),
    ("no layer named {asked}.", "aucune couche ne s’appelle {asked}."),
    ("no format of a map named {asked}.", "une carte ne s’écrit pas au format {asked}."),
    ("no table of a network named {asked}.", "aucune table d’un réseau ne s’appelle {asked}."),
    ("Known: {names}.", "Existent : {names}."),
    # Files
    ("no file {path}.", "aucun fichier {path}."),
    ("In this folder: {names}.", "Dans ce dossier : {names}."),
    ("The folder has no {suffix} file, or does not exist.", "Le dossier n’a aucun fichier {suffix}, ou n’existe pas."),
    ("Check the name and the folder.", "Vérifiez le nom et le dossier."),
    ("is a directory; give the path of one file", "est un dossier ; donnez le chemin d’un fichier"),
    ("is a folder. Give the name of a file inside it.", "est un dossier. Donnez le nom d’un fichier."),
    (
        "is empty; a table needs a header row. Export it again",
        "est vide ; une table commence par une ligne d’en-têtes. Exportez-la de nouveau",
    ),
    (
        "is not a text table but a PDF document: ask its producer for the table",
        "n’est pas une table mais un document PDF : demandez la table à son producteur",
    ),
    ("is not a text table but a picture", "n’est pas une table mais une image"),
    (
        "is not a text table but an xlsx workbook or a zip archive: use read_workbook(), or save it as CSV",
        "n’est pas une table de texte mais un classeur ou une archive : nommez-le en .xlsx, ou enregistrez-le en CSV",
    ),
    (
        "is not a text table but an old Excel workbook (.xls) or one with a password: save it as .xlsx or CSV",
        "n’est pas une table de texte mais un ancien classeur (.xls), ou un classeur avec mot de passe : "
        "enregistrez-le en .xlsx ou en CSV, sans mot de passe",
    ),
    (
        "is not a text table but a Parquet file: give it a name that ends with .parquet",
        "n’est pas une table de texte mais un fichier Parquet : donnez-lui un nom qui finit par .parquet",
    ),
    (
        "is not a text table but an SQLite database: export the table as CSV",
        "n’est pas une table de texte mais une base SQLite : exportez la table en CSV",
    ),
    (
        "byte {byte} is not {encoding} text; save the file as UTF-8, or pass its encoding",
        "l’octet {byte} n’est pas du texte {encoding} ; enregistrez le fichier en UTF-8",
    ),
    (
        "is not {encoding} text; save it as UTF-8, or pass its encoding",
        "n’est pas du texte {encoding} ; enregistrez-le en UTF-8",
    ),
    (
        "is not a readable Parquet file: {reason}. Write it again.",
        "n’est pas un fichier Parquet lisible. Écrivez-le de nouveau.",
    ),
    (
        "is a data package: read it with load().",
        "est un réseau enregistré : donnez-lui un nom qui finit par .zip.",
    ),
    ("{where} describes {member} but does not hold it.", "{where} décrit {member} mais ne le contient pas."),
    (
        "the {file} of {where} cannot be read: {reason}.",
        "la description ({file}) de {where} ne peut pas être lue. Enregistrez le réseau de nouveau.",
    ),
    ("cannot be read: {reason}", "ne peut pas être lu : il a été coupé ou abîmé. Téléchargez-le de nouveau"),
    ("the network has no actor, so there is nothing to map.", "le réseau n’a aucun acteur : rien à cartographier."),
    ("is not a text table but", "n’est pas une table mais"),
    (
        "is a binary file, not a text table; export the table as CSV",
        "n’est pas un fichier de texte ; exportez la table en CSV",
    ),
    (
        "is a web page or XML, not a table; download the CSV file itself",
        "est une page web ou du XML, pas une table ; téléchargez le fichier CSV lui-même",
    ),
    ("is JSON, not a table with rows; convert it to CSV first", "est du JSON, pas une table ; convertissez-le en CSV"),
    (
        "has a password: open it and save it without one",
        "a un mot de passe : ouvrez-le et enregistrez-le sans mot de passe",
    ),
    (
        "is not an xlsx workbook. Save it as .xlsx, or use read_tables() for CSV.",
        "n’est pas un classeur xlsx. Enregistrez-le en .xlsx, ou en .csv.",
    ),
    (
        "is not a readable xlsx workbook: {reason}. Save it again.",
        "n’est pas un classeur xlsx lisible. Enregistrez-le de nouveau.",
    ),
    (
        "is an archive: extract its tables, as .xlsx, or as CSV.",
        "est une archive : sortez-en les tables.",
    ),
    (
        "is an OpenDocument sheet: save it as .xlsx, or as CSV.",
        "est un classeur OpenDocument : enregistrez-le en .xlsx ou en CSV.",
    ),
    (
        "has {count} sheets with content ({names}). Keep one, or use read_workbook() for several.",
        "a {count} feuilles remplies ({names}). Gardez-en une, ou donnez le classeur seul.",
    ),
    (
        "is neither UTF-8 nor cp1252 (its accents look wrong); save it as UTF-8, or pass its encoding: 'mac_roman' or "
        "'cp850' are the usual ones",
        "n’est ni en UTF-8 ni en cp1252 (ses accents semblent faux) ; enregistrez-le en UTF-8",
    ),
    (
        "no sheet named 'liens' or 'ties' with content; it has {names}. Rename the sheet of ties.",
        "aucune feuille remplie ne s’appelle « liens » ; il y a {names}. Renommez la feuille des liens.",
    ),
    (
        "two sheets hold {table} ({title} is the second). Keep one.",
        "deux feuilles portent la table {table} ({title} est la seconde). Gardez-en une.",
    ),
    (
        "the quotation mark opened in row {row} is never closed",
        "le guillemet ouvert à la ligne {row} n’est jamais refermé",
    ),
    (
        "rows with more cells than the {width} names of the header: {rows}. "
        "Quote the cells that hold the separator, or name every column.",
        "des lignes ont plus de cellules que les {width} en-têtes : {rows}. "
        "Mettez entre guillemets les cellules qui contiennent le séparateur, ou nommez chaque colonne.",
    ),
    (
        "two columns are named {name} (the second is column {place}). Rename one.",
        "deux colonnes s’appellent {name} (la seconde est la colonne {place}). Renommez-en une.",
    ),
    (
        "column {place} has values but no name: {rows}. Name it.",
        "la colonne {place} a des valeurs mais pas d’en-tête : {rows}. Nommez-la.",
    ),
    (
        "is not a data package: give a .zip, or a folder that holds {file}.",
        "n’est pas un réseau enregistré : donnez un .zip, ou un dossier qui contient {file}.",
    ),
    ("is not a data package: it holds no {file}.", "n’est pas un réseau enregistré : il ne contient pas {file}."),
    (
        "is not a readable zip: {reason}. Save the network again.",
        "n’est pas un zip lisible. Enregistrez le réseau de nouveau.",
    ),
    (
        "cannot write {path}: {reason}. Close the file if it is open elsewhere, or choose another folder.",
        "impossible d’écrire {path}. Fermez le fichier s’il est ouvert ailleurs, ou choisissez un autre dossier.",
    ),
    (
        "cannot write a report as {path}. Give a name that ends with one of: {names}.",
        "un rapport ne s’écrit pas en {path}. Donnez un nom qui finit par {names}.",
    ),
    (
        "cannot write a table as {path}. Give a name that ends with '.xlsx' or '.csv'.",
        "une table ne s’écrit pas en {path}. Donnez un nom qui finit par .xlsx ou .csv.",
    ),
    ("a report in PDF needs {module}.", "un rapport en PDF demande la bibliothèque {module}."),
    ("a report in Word format needs {module}.", "un rapport au format Word demande la bibliothèque {module}."),
    ("Install it with:", "Installez-la par :"),
    # Tables
    ("{count} problems:", "{count} problèmes :"),
    ("no column says '{column}'.", "aucune colonne ne donne « {column} »."),
    ("Is it {header}?", "Est-ce {header} ?"),
    (
        "The headers are {headers}. Name the column with one of {words}.",
        "Les en-têtes sont {headers}. Donnez à la colonne un de ces noms : {words}.",
    ),
    (
        "the columns {headers} all mean '{column}'. Keep one, or rename the others.",
        "les colonnes {headers} donnent toutes « {column} ». Gardez-en une, ou renommez les autres.",
    ),
    (
        "the table has a header but no row; there is no actor to see. Add ties, or actors.",
        "la table a des en-têtes mais aucune ligne : il n’y a aucun acteur. Ajoutez des liens, ou des acteurs.",
    ),
    (
        "{column} is missing in {rows}. Fill it in, or drop the rows.",
        "{column} : il manque une valeur, {rows}. Complétez, ou supprimez ces lignes.",
    ),
    (
        "{column} is missing in {rows}. Fill it in, or drop the column to count every tie as 1.",
        "{column} : il manque une valeur, {rows}. Complétez, ou supprimez la colonne : chaque lien comptera 1.",
    ),
    ("{column} must be a number; {rows} {have} '", "{column} : il faut un nombre ; {rows} : '"),
    (
        "{column} must be 0 or more, and finite; {rows} {have} {values}. A weight is a strength: larger means closer.",
        "{column} : il faut un nombre fini, de 0 ou plus ; {rows} : {values}. C’est une force : plus elle est "
        "grande, plus les acteurs sont proches.",
    ),
    (
        "{column} must lie between {low} and {high} degrees; {rows} {have} '",
        "{column} : il faut de {low} à {high} degrés ; {rows} : '",
    ),
    (
        "{column} goes from 0 (none) to 4 (formal on several projects); {rows} {have} '",
        "{column} : de 0 (aucune) à 4 (formelle sur plusieurs projets) ; {rows} : '",
    ),
    ("{column} must be true or false; {rows} {have} '", "{column} : il faut oui ou non ; {rows} : '"),
    ("{column} must be yes or no; {rows} {have} '", "{column} : il faut oui ou non ; {rows} : '"),
    (
        "{column} is one of {known}; {rows} {have} {values}. Missing is not absent: write 'unknown'.",
        "{column} : il faut présent, absent ou inconnu ; {rows} : {values}. Ce qui manque n’est pas absent : écrivez "
        "« inconnu ».",
    ),
    (
        "It looks like a table of actors: give it as the actors of a table of ties.",
        "C’est une table d’acteurs : donnez-la par --actors, à côté d’une table de liens.",
    ),
    (
        "an actor to itself ({names}). Remove these self-ties, or name the departments with the parent column.",
        "un acteur à lui-même ({names}). Supprimez ces liens, ou distinguez les services (colonne « rattachement »).",
    ),
    (
        "actor {name} stands more than once ({rows}). Keep one row per actor.",
        "l’acteur {name} figure plusieurs fois ({rows}). Gardez une ligne par acteur.",
    ),
    (
        "{key} {name} stands more than once ({rows}). Keep one row per {again}.",
        "{key} {name} figure plusieurs fois ({rows}). Gardez une seule ligne.",
    ),
    (
        "1 ties row names actors that are not in the actor table:",
        "une ligne de liens nomme un acteur absent de la table des acteurs :",
    ),
    (
        "{count} ties rows name actors that are not in the actor table:",
        "{count} lignes de liens nomment des acteurs absents de la table des acteurs :",
    ),
    (
        "1 provision row names actors that are not in the actor table:",
        "une ligne de réponses nomme un acteur absent de la table des acteurs :",
    ),
    (
        "{count} provision rows name actors that are not in the actor table:",
        "{count} lignes de réponses nomment des acteurs absents de la table des acteurs :",
    ),
    (
        "1 observation row names actors that are not in the actor table:",
        "une ligne de l’observation nomme un acteur absent de la table des acteurs :",
    ),
    (
        "{count} observation rows name actors that are not in the actor table:",
        "{count} lignes de l’observation nomment des acteurs absents de la table des acteurs :",
    ),
    (
        "The two differ by spaces or by the form of accents.",
        "Les deux ne diffèrent que par des espaces ou par la forme des accents.",
    ),
    ("an actor has a blank name. Fill it in, or drop its rows.", "un acteur n’a pas de nom. Complétez, ou supprimez."),
    (
        "the actor {name} is written in {count} ways, which differ by spaces or by the form of accents: {ways}. Write "
        "it in one way; {rest}.",
        "l’acteur {name} est écrit de {count} façons, qui ne diffèrent que par des espaces ou par la forme des "
        "accents. Écrivez-le d’une seule.",
    ),
    ("Add them to actors, or correct the names.", "Ajoutez-les à cette table, ou corrigez les noms."),
    (
        "{rows} give evidence that is not in sources: {names}. Add it to sources, or correct it.",
        "{rows} : ces preuves ne sont pas dans la table des sources : {names}. Ajoutez-les, ou corrigez-les.",
    ),
    (
        "layer {name} holds directed ties and others that are not ({rows}). Direction belongs to the layer: give them "
        "two layer names.",
        "la couche {name} mêle des liens orientés et d’autres qui ne le sont pas ({rows}). L’orientation est celle de "
        "la couche : donnez-leur deux noms de couche.",
    ),
    (
        "sheet {name} is not read; if it is {near}, rename it.",
        "la feuille {name} n’est pas lue ; si c’est {near}, renommez-la.",
    ),
    (
        "column {name} is kept as it is; if it is {near}, rename it.",
        "la colonne {name} est gardée telle quelle ; si c’est {near}, renommez-la.",
    ),
    # Choices
    (
        "{count} of {all} actors have no '{column}': {names}. Fill it in, or pass {rest}.",
        "{count} acteurs sur {all} n’ont pas de « {column} » : {names}. Complétez leur table, ou choisissez une "
        "autre colonne (--by).",
    ),
    ("nothing left after {asked}: 0 of {all} {what}.", "il ne reste rien après {asked} (0 sur {all})."),
    ("Layer {layer} exists in: {periods}.", "La couche {layer} existe en : {periods}."),
    (
        'metric {name} needs groups: pass by="sector", or another actor column.',
        "la mesure {name} demande des groupes : nommez une colonne des acteurs avec --by.",
    ),
    (
        "spectral segregation is of undirected ties. Pass symmetrize={way} or another of its ways.",
        "la ségrégation spectrale se mesure sur des liens non orientés. Choisissez avec --layer une couche de tels "
        "liens.",
    ),
    (
        "{metric}() compares layers and needs {least} of them; the network has {count}: {names}. Give a network with "
        "more, or pass aspect={aspect}.",
        "la mesure '{metric}' compare {least} couches au moins ; le réseau en a {count} : {names}. Laissez-la de "
        "côté, ou ajoutez une couche.",
    ),
    ("the network has no actor, so there is nothing to place.", "le réseau n’a aucun acteur : rien à placer."),
    ("the network has no actor, so there is nothing to draw.", "le réseau n’a aucun acteur : rien à dessiner."),
    (
        "the network has more than {count} cliques. Select a layer or a period, or leave out its weakest ties.",
        "le réseau a plus de {count} cliques. Choisissez une couche (--layer) ou une période (--period).",
    ),
    (
        "pagerank does not settle with damping={damping}. Take a smaller one; 0.85 is usual.",
        "pagerank ne se stabilise pas sur ce réseau. Choisissez une autre mesure.",
    ),
    (
        "no font of this computer has {letters}: drawn as {hole}. Install a font that has them (such as {fonts}, all "
        "free), or write these names in other letters.",
        "aucune police de cet ordinateur n’a {letters} : dessiné {hole}. Installez une police qui les a (gratuites : "
        "{fonts}), ou écrivez ces noms avec d’autres lettres.",
    ),
    ("Widen the selection.", "Élargissez la sélection."),
    ("no metric asked for. Name some of:", "aucune mesure demandée. Nommez-en parmi :"),
    ("the metrics {names} are asked for twice. Name each once.", "les mesures {names} sont demandées deux fois."),
    # The command itself
    ("the following arguments are required:", "il manque :"),
    (
        "argument {name}: invalid choice: {value} (choose from {choices})",
        "{name} : {value} n’est pas un choix (choix possibles : {choices})",
    ),
    ("argument {name}: expected one argument", "{name} : il manque la valeur"),
    ("argument {name}: ignored explicit argument {value}", "{name} ne prend pas de valeur ({value})"),
    ("unrecognized arguments:", "options inconnues :"),
)
_TABLES: Final = {
    "ties": "liens",
    "actors": "acteurs",
    "layers": "couches",
    "provision": "réponses",
    "observation": "observation",
    "sources": "sources",
}
# What the names of a message are, when they are keys that have labels.
_NAMED: Final = {
    "aucune colonne des acteurs": "column",
    "aucun acteur n’a de": "column",
    "aucune période": "period",
    "aucune mesure par acteur": "metric",
    "les mesures «": "metric",
    "la mesure «": "metric",
}
_WORD: Final = re.compile(r"(?<=«\u00a0)[a-z_]+(?=\u00a0»)")
# Inside the sentences.
_FRAGMENTS: Final = (
    (re.compile(r"\b(row|rows) (?=\d)"), lambda found: "ligne " if found[1] == "row" else "lignes "),
    (re.compile(r"\bjoin(s?) (?=un acteur)"), lambda found: "lie " if found[1] else "lient "),
    (re.compile(r"\band (\d+) more( actors)?\b"), lambda found: f"et {found[1]} autre{'s' * (found[1] != '1')}"),
    (re.compile(r"(?<=, )'a folder'"), lambda _: "ou un dossier"),
    (re.compile(r"(?<=: )none(?=[.;])"), lambda _: "rien"),
    (re.compile(r", sheet (?=')"), lambda _: ", feuille "),
    (re.compile(r", after row (?=\w+: )"), lambda _: ", après la ligne "),
    (
        re.compile(r"\b(ties|actors|layers|provision|observation|sources): "),
        lambda found: f"{_TABLES[found[1]]} : ",
    ),
    (re.compile(r"(?<= : )([a-z_]+)(?= : (?:il (?:faut|manque)|de 0))"), lambda found: label("column", found[1])),
    (re.compile(r"« ([a-z_]+) »"), lambda found: f"« {label('column', found[1])} »"),
    (
        re.compile(r"""(?<![\w’])(?:'((?:[^'\\\n]|\\.)*?)'(?!\w)|"([^"\n]*'[^"\n]*)")"""),
        lambda found: f"« {found[1] or found[2] or ''} »",
    ),
    (re.compile(r"« | »"), lambda found: found[0].replace(" ", "\u00a0")),
    (re.compile(r" (?=[:;?!](?:\s|$))"), lambda _: "\u202f"),
)


def in_french(message: str) -> str:
    r"""Return an error of the library as the command line says it.

    Parameters
    ----------
    message : str
        The message, of one line or several.

    Returns
    -------
    str
        In French, where its sentences are known.

    Examples
    --------
    >>> print(in_french("no layer named 'mask'. Did you mean 'masks'?").replace("\xa0", " ").replace("\u202f", " "))
    aucune couche ne s’appelle « mask ». Vouliez-vous dire « masks » ?
    """
    return "\n".join(_line(line) for line in message.split("\n"))


def _line(text: str) -> str:
    for pattern, french in _PATTERNS:
        text = pattern.sub(french, text)
    for fragment, written in _FRAGMENTS:
        text = fragment.sub(written, text)
    table = next((name for start, name in _NAMED.items() if start in text), None)
    return _WORD.sub(lambda found: label(table, found[0]), text) if table else text


def _pattern(sentence: str) -> re.Pattern[str]:
    holes = {"rows": r"rows? [\d, ]+(?:and \d+ more)?", "have": "has|have"}
    return re.compile(
        re.sub(r"\\\{(\w+)\\\}", lambda hole: f"(?P<{hole[1]}>{holes.get(hole[1], '.+?')})", re.escape(sentence))
    )


def _replacement(sentence: str) -> str:
    return re.sub(r"\{(\w+)\}", r"\\g<\1>", sentence)


_PATTERNS: Final = tuple((_pattern(english), _replacement(french)) for english, french in _SENTENCES)
