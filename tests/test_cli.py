"""The command: what it writes, how it refuses."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import openpyxl
import pytest

import reseau_territorial as rt
from reseau_territorial._french import in_french
from reseau_territorial.cli import main
from reseau_territorial.metrics.table import ACTOR_METRICS

TIES = (
    "Origine;Destination;Couche;Poids\nVille;Métropole;masques;1,5\nVille;Asso;masques;2\nMétropole;Usine;contrat;3\n"
)
ACTORS = (
    "acteur;secteur;type\nVille;public;commune\nMétropole;public;epci\nAsso;civil;association\nUsine;privé;entreprise\n"
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    ties, actors = tmp_path / "liens.csv", tmp_path / "acteurs.csv"
    ties.write_text(TIES, encoding="cp1252")
    actors.write_text(ACTORS, encoding="utf-8-sig")
    return str(ties), str(actors)


def test_demo_does_the_main_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--output", str(tmp_path / "demo")]) == 0
    said = capsys.readouterr().out
    assert "Ville de Tours" in said
    assert "plus qu’un hasard" in said
    for ending in ("html", "png", "svg", "xlsx"):
        path = tmp_path / "demo" / f"tours-masques.{ending}"
        assert path.stat().st_size > 1000
        assert str(path) in said


def test_check_says_what_was_read(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", files[0], "--actors", files[1]]) == 0
    assert "4 acteurs, 3 liens" in capsys.readouterr().out


def test_check_reads_all_files_and_says_all_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "bon.csv", tmp_path / "mauvais.csv"
    good.write_text("source;cible\na;b\n", encoding="utf-8")
    bad.write_text("source;cible;poids\na;a;-1\n;b;x\n", encoding="utf-8")
    assert main(["check", str(bad), str(good)]) == 1
    heard = capsys.readouterr()
    assert "bon.csv" in heard.out
    for part in (
        "mauvais.csv",
        "un acteur à lui-même",
        "origine\u202f: il manque une valeur, ligne 3",
        "«\u00a0x\u00a0»",
        "«\u00a0-1",
    ):
        assert part in heard.err


def test_measure_prints_french_numbers(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["measure", files[0], "--actors", files[1], "--metrics", "strength,silo", "--by", "sector"]
    assert main(arguments) == 0
    assert "3,50" in capsys.readouterr().out


def test_measure_writes_a_table_for_excel(files: tuple[str, str], tmp_path: Path) -> None:
    target = tmp_path / "mesures.csv"
    assert main(["measure", files[0], "--actors", files[1], "--output", str(target)]) == 0
    text = target.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert "intermédiarité".encode() in text
    book = tmp_path / "mesures.xlsx"
    assert main(["measure", files[0], "--actors", files[1], "--output", str(book)]) == 0
    assert openpyxl.load_workbook(book).active["A2"].value == "Ville"


def test_map_and_report(files: tuple[str, str], tmp_path: Path) -> None:
    page, paper = tmp_path / "carte.html", tmp_path / "rapport.html"
    assert main(["map", files[0], "--actors", files[1], "--output", str(page), "--title", "Essai"]) == 0
    assert main(["report", files[0], "--actors", files[1], "--output", str(paper), "--title", "Essai"]) == 0
    assert "Essai" in page.read_text(encoding="utf-8")
    assert "Essai" in paper.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["measure", "absent.csv"], "aucun fichier «\u00a0absent.csv\u00a0»"),
        (["measure", "LIENS", "--metrics", "betweeness"], "Vouliez-vous dire «\u00a0intermédiarité\u00a0»"),
        (["map", "LIENS", "--layer", "masks"], "Vouliez-vous dire «\u00a0masques\u00a0»"),
        (["report", "LIENS", "--output", "x.odt"], "Donnez un nom qui finit par"),
        (["map", "LIENS", "--by", "secteurs"], "aucune colonne des acteurs ne s’appelle «\u00a0secteurs\u00a0»"),
    ],
)
def test_refusals_are_one_line_and_write_nothing(
    files: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(item.name for item in tmp_path.iterdir())
    arguments = [files[0] if part == "LIENS" else part for part in arguments]
    assert main([*arguments, "--actors", files[1]]) == 1
    said = capsys.readouterr().err
    assert message in said
    assert said.startswith("erreur\u202f:")
    assert said.count("\n") == 1
    assert sorted(item.name for item in tmp_path.iterdir()) == before


@pytest.mark.parametrize("arguments", [[], ["mesurer"], ["measure"], ["map", "x.csv", "--lang", "de"]])
def test_a_wrong_command_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "--help" in capsys.readouterr().err


def test_english_on_request(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", "absent.csv", "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("error: ")


ENGLISH = re.compile(r"\b(the|is|are|has|have|must|with|row|rows|named|known|give|choose)\b", re.IGNORECASE)
DIRTY = {
    "faute.csv": "Sorce;Cible\nA;B\n",
    "acteurs.csv": "Acteur;Secteur\nA;public\n",
    "vide.csv": "",
    "entete.csv": "source;cible\n",
    "mixte.csv": "source;cible;poids\nA;B;1\nB;C;beaucoup\nC;A;-2\nA;A;1\nD;;1\n",
    "vide_au_milieu.csv": "source;cible;poids\nA;B;1\nB;C;\n",
    "niveau.csv": "source;cible;niveau\nA;B;7\n",
    "statut.csv": "source;cible;statut;formel\nA;B;bof;bof\n",
    "deux.csv": "source;origine;cible\nA;B;C\n",
    "longue.csv": "source;cible\nA;B;C;D\nB;C\n",
    "guillemet.csv": 'source;cible\n"A;B\n',
    "page.csv": "<!DOCTYPE html><html></html>",
    "json.csv": '[{"source": "A"}]',
    "document.pdf": "%PDF-1.4",
    "faux.xlsx": "bonjour",
    "faux.zip": "bonjour",
}


@pytest.mark.parametrize("name", [*DIRTY, "absent.csv", "."])
def test_every_refusal_of_a_file_is_french(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    if name in DIRTY:
        Path(name).write_text(DIRTY[name], encoding="cp1252")
    assert main(["check", name]) == 1
    said = capsys.readouterr().err
    assert "refusé" in said
    assert not ENGLISH.findall(said), said
    assert not re.search(r"(?<!\w)'|'(?!\w)", said), said


READING = ("_dialect", "_encodings", "_datapackage", "_checks", "readers/_sheets", "readers/tabular")
"""The modules through which the files of a command are read."""
FROM_PYTHON_ONLY = (
    "a separator is one character", "is not a number", "no encoding named", "leave the encoding out",
    "cannot save a network as", "Make one of it:", "Files are read by", "A graph is read by", "pandas DataFrame",
    "a table is the path of a file or a DataFrame",
)  # fmt: skip
"""What no command can ask: sentences about an argument of a function."""
_NO_TIES = "f.xlsx: no sheet named 'liens' or 'ties' with content; it has 'a'. Rename the sheet of ties."
_NO_ACTORS = "2 ties rows name actors that are not in the actor table: 'Tour' (row 2). "
IN_PARTS = {
    "has X sheets with content (X)": "has 2 sheets with content ('a', 'b'). "
    "Keep one, or use read_workbook() for several.",
    "X is X, or as CSV.": "f.xlsx is an archive: extract its tables, as .xlsx, or as CSV.",
    "save the file as UTF-8, or pass its encoding": "f.csv, line 3: byte 0x81 is not cp1252 text; "
    "save the file as UTF-8, or pass its encoding",
    "X: no sheet named 'liens' or 'ties' with content; it has X.": _NO_TIES,
    "X Rename the sheet of ties.": _NO_TIES,
    "rows 3, 8 X X actors that are not in the actor table: XX.X Add them to actors, or correct the names.": _NO_ACTORS
    + "Add them to actors, or correct the names.",
}
"""Parts of a sentence, and a sentence that has them."""
SAID_OF = {"rows_have": "row 3 has '7'", "enumerate_rows": "rows 3, 8", "have": "have", "rows": "rows 3, 8"}


def sentences(module: str) -> dict[int, str]:
    """Return the sentences that a module writes, by line, what changes being replaced by an example."""
    tree = ast.parse((Path(rt.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found[node.lineno] = "".join(map(example, node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside | documents:
            found.setdefault(node.lineno, node.value)
    return {line: text for line, text in found.items() if len(text.split()) > 2}


def example(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    name = part.value.func if isinstance(part.value, ast.Call) else part.value
    text = SAID_OF.get(getattr(name, "id", ""), "X")
    return f"'{text}'" if part.conversion == ord("r") else text


@pytest.mark.parametrize("module", READING)
def test_every_sentence_about_a_file_has_its_french(module: str) -> None:
    said = sentences(module)
    assert said
    of_ours = {line: text for line, text in said.items() if not any(part in text for part in FROM_PYTHON_ONLY)}
    whole = {line: IN_PARTS.get(text, text) for line, text in of_ours.items()}
    # What a file is not is said after "is not a text table but".
    whole = {
        line: f"f.csv is not a text table but {text}" if text.startswith(("a ", "an ")) else text
        for line, text in whole.items()
    }
    assert {line: text for line, text in whole.items() if ENGLISH.search(in_french(text))} == {}


MANY = {
    "liens.csv": "source;cible;couche;période;poids\nA;B;masques;2020;1\nB;C;masques;2021;2\nC;D;aide;2021;1\n",
    "orientes.csv": "source;cible;couche;poids;orienté\nA;B;masques;1;oui\nB;C;masques;2;oui\nC;D;aide;0;non\n",
    "un.csv": "source;cible\nA;B\n",
    "absents.csv": "source;cible;statut;couche\nA;B;absent;x\nB;C;inconnu;y\n",
    "gens.csv": "acteur;secteur;vide\nA;public;\nB;;\nC;public;\nD;civil;\n",
    "deux_fois.csv": "acteur\nA\nA\nB\nC\nD\n",
    "espaces.csv": "acteur\nA\nA \nB\nC\nD\n",
    "lieux.csv": "acteur;longitude;latitude\nA;200;47\nB;1;47\nC;1;99\nD;x;y\n",
    "occupe": "un fichier, pas un dossier",
    "lettres.csv": "source;cible\nA\U000f0000;B\n",  # a letter for private use, which no font has
    **DIRTY,
}
"""Files, good and bad, that the wrong commands below are given."""
WRONG = {
    "check": [[name] for name in (*DIRTY, "deux_fois.csv", "absent.xlsx", "absent.zip", "occupe")],
    "measure": [
        *([name] for name in DIRTY),
        ["liens.csv", "--output", "x.odt"],
        ["liens.csv", "--output", "occupe/x.csv"],
        ["liens.csv", "--metrics", ""],
        ["liens.csv", "--metrics", "degré,degree"],
        ["liens.csv", "--metrics", "silo"],
        ["un.csv", "--metrics", "multilayer_clustering"],
        ["orientes.csv", "--actors", "gens.csv", "--metrics", "spectral_segregation"],
    ],
    "map": [
        *([name] for name in DIRTY),
        ["liens.csv", "--output", "x.odt"],
        ["liens.csv", "--output", "occupe/x.html"],
    ],
    "report": [
        *([name] for name in DIRTY),
        ["liens.csv", "--output", "x.odt"],
        ["liens.csv", "--output", "occupe/x.html"],
    ],
    "demo": [["--output", "occupe"], ["--output", "occupe/dossier"]],
}
CHOICES = [
    ["--by", "secteurs"], ["--by", "vide", "--actors", "gens.csv"], ["--layer", "masks"], ["--period", "2019"],
    ["--layer", "aide", "--period", "2020"], ["--actors", "absent.csv"], ["--actors", "deux_fois.csv"],
    ["--actors", "espaces.csv"], ["--actors", "lieux.csv"], ["--actors", "liens.csv"], ["--actors", "faux.xlsx"],
    ["--actors", "entete.csv"], ["--actors", "vide.csv"],
]  # fmt: skip
"""Choices that are refused by every command that takes a network."""
for command in ("measure", "map", "report"):
    WRONG[command] += [["liens.csv", *choice] for choice in CHOICES]


def english(said: str) -> list[str]:
    """Return the English words of a message, outside of what it quotes."""
    return ENGLISH.findall(re.sub("«.*?»|--\\w+", "", said))


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in MANY.items():
        Path(name).write_text(text, encoding="utf-8")


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("command", WRONG)
def test_every_refusal_of_every_command_is_french(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in WRONG[command]:
        assert main([command, *arguments]) == 1, arguments
        said = capsys.readouterr().err
        assert said.strip(), arguments
        assert english(said) == [], (arguments, said)


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("name", ACTOR_METRICS)
def test_every_metric_is_printed_or_refused_in_french(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for file in ("liens.csv", "orientes.csv", "un.csv", "absents.csv"):
        for choice in ([], ["--actors", "gens.csv"]):
            done = main(["measure", file, "--metrics", name, *choice])
            said = capsys.readouterr()
            assert english(said.err) == [], (file, choice, said.err)
            assert (said.out if done == 0 else said.err).strip(), (file, choice)
            if name == "degree":  # a metric without groups takes a table of actors that has some
                assert done == 0, said.err


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_letters_that_no_font_has_are_told_in_french(ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "lettres.csv", "--output", f"rapport.{ending}"]) == 0
    said = capsys.readouterr().err
    assert english(said) == [], said
    assert "aucune police de cet ordinateur n’a \U000f0000 (U+F0000)\u202f: dessiné □." in said


def test_roles_are_french_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ties, actors = tmp_path / "liens.csv", tmp_path / "acteurs.csv"
    ties.write_text("source;cible\nA;B\nB;C\n", encoding="utf-8")
    actors.write_text("acteur;secteur\nA;public\nB;public\nC;civil\n", encoding="utf-8")
    asked = ["measure", str(ties), "--actors", str(actors), "--metrics", "cartographic_roles"]
    assert main(asked) == 0
    assert "très périphérique" in capsys.readouterr().out
    assert main([*asked, "--lang", "en"]) == 0
    assert "ultra-peripheral" in capsys.readouterr().out


@pytest.mark.filterwarnings("default")
def test_warnings_are_french_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ties, actors = tmp_path / "liens.csv", tmp_path / "acteurs.csv"
    ties.write_text("source;cible\nA;B\n", encoding="utf-8")
    actors.write_text("acteur;sectorr\nA;public\nB;public\n", encoding="utf-8")
    main(["check", str(ties), "--actors", str(actors)])
    said = capsys.readouterr().err
    assert "note\u202f: acteurs\u202f: la colonne «\u00a0sectorr\u00a0» est gardée telle quelle" in said
    assert not ENGLISH.findall(said), said


def test_two_tables_that_disagree_are_told_in_french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ties, actors = tmp_path / "liens.csv", tmp_path / "acteurs.csv"
    ties.write_text("source;cible\nVal d'Amboise;Tour\n", encoding="cp1252")
    actors.write_text("acteur\nVal d'Amboise\nTours\nTours\n", encoding="cp1252")
    assert main(["check", str(ties), "--actors", str(actors)]) == 1
    said = capsys.readouterr().err
    assert "l’acteur «\u00a0Tours\u00a0» figure plusieurs fois (lignes 3, 4)" in said
    assert "nomme un acteur absent de la table des acteurs\u202f: «\u00a0Tour\u00a0» (ligne 2)" in said
    assert not ENGLISH.findall(said), said


def test_check_says_what_deserves_a_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ties, actors = tmp_path / "liens.csv", tmp_path / "acteurs.csv"
    ties.write_text("source;cible\nMétropole;Tours\nTours;Metropole\n", encoding="utf-8")
    actors.write_text("acteur;secteur\nMétropole;publik\nMetropole;public\nTours;\nSeul;civil\n", encoding="utf-8")
    assert main(["check", str(ties), "--actors", str(actors)]) == 0
    said = capsys.readouterr().out
    for part in (
        "sans secteur\u202f: 1 sur 4",
        "«\u00a0publik\u00a0» n’est pas un mot connu («\u00a0Public\u00a0»",
        "un seul acteur\u202f: Métropole, Metropole",
        "sans aucun lien\u202f: 1",
    ):
        assert part in said
    assert main(["check", str(ties), "--actors", str(actors), "--lang", "en"]) == 0
    assert "do these names mean one actor: Métropole, Metropole?" in capsys.readouterr().out


def test_labels_are_understood_as_typed(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", files[0], "--actors", files[1], "--by", "Secteur", "--metrics", "degré,silo"]) == 0
    assert "indice de silo" in capsys.readouterr().out


def test_ties_alone_are_measured_without_groups(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", files[0]]) == 0
    heard = capsys.readouterr()
    assert "aucun acteur n’a de secteur" in heard.err
    assert "contrainte" in heard.out
    assert "silo" not in heard.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cehck", "x.csv"], "Vouliez-vous dire «\u00a0check\u00a0»"),
        (["measure"], "il manque\u202f: FICHIER"),
        (["measure", "x.csv", "--foo"], "options inconnues\u202f: --foo"),
        (["map", "x.csv", "--lang", "de"], "«\u00a0de\u00a0» n’est pas un choix"),
    ],
)
def test_wrong_commands_are_told_in_french(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    said = capsys.readouterr().err
    assert message in said
    assert not ENGLISH.findall(said.replace("--help", "")), said


def test_help_is_french(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["measure", "--help"])
    said = capsys.readouterr().out
    assert said.startswith("utilisation\u202f: reseau-territorial measure")
    assert "positional" not in said
