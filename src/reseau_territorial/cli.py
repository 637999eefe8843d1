"""The command ``reseau-territorial``: the main job, from files to a map, without writing Python."""

from __future__ import annotations

import argparse
import re
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

import pandas as pd

import reseau_territorial as rt
from reseau_territorial._french import in_french
from reseau_territorial._review import described, doubts
from reseau_territorial.errors import ReseauError, nearest, unknown_name
from reseau_territorial.network import Network
from reseau_territorial.reports import writer_for
from reseau_territorial.styles import format_number
from reseau_territorial.vocabulary import Lang, key_of, label

__all__ = ["main"]

METRICS: Final = ("degree", "betweenness", "constraint", "participation", "silo")
GROUPED: Final = ("participation", "silo")

TEXTS: Final = {
    "fr": {
        "error": "erreur\u202f:",
        "note": "note\u202f:",
        "hint": "«\u00a0reseau-territorial {}--help\u00a0» donne les options.",
        "read": "{}\u202f: lu sans erreur.",
        "refused": "{}\u202f: refusé.",
        "doubts": "À vérifier\u202f:",
        "ungrouped": "note\u202f: aucun acteur n’a de secteur\u202f; les mesures par groupe sont laissées de côté "
        "(--by nomme une autre colonne).",
        "partly": "note\u202f: acteurs sans «\u00a0{2}\u00a0»\u202f: {0} sur {1}\u202f; ils forment un groupe à part.",
        "wrote": "Écrit\u202f:",
        "table": "Mesures par acteur, triées par intermédiarité ({} premiers sur {})",
        "test": "Le silo par {} est-il plus qu’un hasard\u202f?",
        "demo": "Réseau des masques de Tours, printemps 2020 (cas codé d’après la presse, non mesuré)",
        "interrupted": "interrompu\u202f; rien n’a été laissé à moitié écrit.",
    },
    "en": {
        "error": "error:",
        "note": "note:",
        "hint": "'reseau-territorial {}--help' lists the options.",
        "read": "{}: read without error.",
        "refused": "{}: refused.",
        "doubts": "To check:",
        "ungrouped": "note: no actor has a sector; metrics by group are left out (--by names another column).",
        "partly": "note: actors without {2!r}: {0} of {1}; they make a group of their own.",
        "wrote": "Wrote:",
        "table": "Metrics per actor, by betweenness ({} first of {})",
        "test": "Is the silo by {} more than chance?",
        "demo": "Mask network of Tours, spring 2020 (a case coded from the press, not measured)",
        "interrupted": "interrupted; nothing was left half-written.",
    },
}


class _Parser(argparse.ArgumentParser):
    """Says a wrong command in one French line, then where to look."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False, allow_abbrev=False, formatter_class=_Help)
        self.add_argument("-h", "--help", action="help", help="montrer cette aide")

    def error(self, message: str) -> NoReturn:
        command = f"{self.prog.partition(' ')[2]} ".lstrip()
        asked = re.search(r"invalid choice: '(.+?)' \(choose from (.+)\)", message)
        near = nearest(asked[1], re.findall(r"\w+", asked[2])) if asked else None
        hint = f" Vouliez-vous dire «\u00a0{near}\u00a0»\u202f?" if near else ""
        text = TEXTS["fr"]
        self.exit(2, f"{text['error']} {in_french(message)}.{hint}\n{text['hint'].format(command)}\n")


class _Help(argparse.HelpFormatter):
    """Begins the help with a French word."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "utilisation\u202f: " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        named = "arguments" if heading == "positional arguments" else heading
        super().start_section(f"{named}\N{NARROW NO-BREAK SPACE}" if named else named)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; those of the process when left out.

    Returns
    -------
    int
        0 when all went well, 1 when the data were refused; a wrong command exits with 2.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = _parser().parse_args(argv)
    text = TEXTS[arguments.lang]
    try:
        with warnings.catch_warnings():
            warnings.showwarning = partial(_print_warning, arguments.lang)
            return int(arguments.run(arguments))
    except ReseauError as error:
        print(f"{text['error']} {_said(error, arguments.lang)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(text["interrupted"], file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="reseau-territorial",
        description="Les acteurs d’un territoire, leurs liens, leurs silos et leurs ponts.",
    )
    parser.add_argument("--version", action="version", version=rt.__version__, help="montrer la version")
    commands = parser.add_subparsers(title="commandes", required=True, metavar="COMMANDE")

    demo = commands.add_parser("demo", help="tout faire sur le cas des masques de Tours")
    demo.add_argument("--output", metavar="DOSSIER", type=Path, default=Path("demo"), help="dossier où écrire (demo)")
    demo.set_defaults(run=_demo)

    check = commands.add_parser("check", help="lire des fichiers et dire tout ce qui ne va pas")
    check.add_argument("files", nargs="+", metavar="FICHIER", help="liens (CSV, xlsx, Parquet), classeur ou .zip")
    check.add_argument("--actors", metavar="TABLE", help="table des acteurs")
    check.set_defaults(run=_check)

    measure = commands.add_parser("measure", help="mesurer chaque acteur, dans un tableau")
    _input(measure)
    measure.add_argument(
        "--metrics", metavar="MESURES", default=",".join(METRICS), help="mesures, séparées par des virgules"
    )
    measure.add_argument("--output", metavar="FICHIER", type=Path, help="fichier .csv ou .xlsx (à l’écran sinon)")
    measure.set_defaults(run=_measure)

    chart = commands.add_parser("map", help="dessiner la carte interactive (un fichier HTML)")
    _input(chart)
    chart.add_argument(
        "--output", metavar="FICHIER", type=Path, default=Path("carte.html"), help="fichier HTML (carte.html)"
    )
    chart.add_argument("--title", metavar="TITRE", help="titre de la carte")
    chart.set_defaults(run=_map)

    report = commands.add_parser("report", help="écrire le rapport de deux pages (HTML, PDF, xlsx, docx)")
    _input(report)
    report.add_argument(
        "--output", metavar="FICHIER", type=Path, default=Path("rapport.html"), help="fichier (rapport.html)"
    )
    report.add_argument("--title", metavar="TITRE", help="titre du rapport")
    report.set_defaults(run=_report)

    for command in (demo, check, measure, chart, report):
        command.add_argument("--lang", choices=("fr", "en"), default="fr", help="langue de ce qui est écrit (fr)")
    return parser


def _input(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FICHIER", help="liens (CSV, xlsx, Parquet), classeur, ou .zip")
    command.add_argument("--actors", metavar="TABLE", help="table des acteurs")
    command.add_argument("--by", metavar="COLONNE", help="colonne des acteurs qui fait les groupes (secteur)")
    command.add_argument("--layer", metavar="COUCHE", help="ne garder que cette couche")
    command.add_argument("--period", metavar="PÉRIODE", help="ne garder que cette période")


def _demo(arguments: argparse.Namespace) -> int:
    text, lang = TEXTS[arguments.lang], arguments.lang
    folder: Path = arguments.output
    net = rt.samples.tours_masks()
    crisis = net.select(period="crisis")
    print(f"{text['demo']}\n{described(crisis, lang=lang)}\n")
    table = rt.measure(crisis, METRICS, by="sector")
    _print_table(crisis, table, lang)
    print(f"\n{text['test'].format(label('column', 'sector', lang=lang))}")
    print(f"  {rt.permutation_test(crisis, rt.network_silo, by='sector')}\n")
    title = text["demo"].partition(" (")[0]
    carte = rt.explore(net, color="sector", size="betweenness", by="sector", title=title, lang=lang)
    written = [
        *(carte.save(folder / f"tours-masques.{ending}") for ending in ("html", "png", "svg")),
        rt.write_table(_named(crisis, table), path=folder / "tours-masques.xlsx", lang=lang),
    ]
    _print_written(written, lang)
    return 0


def _check(arguments: argparse.Namespace) -> int:
    text = TEXTS[arguments.lang]
    refused = 0
    for name in arguments.files:
        try:
            net = _open(name, arguments.actors)
        except ReseauError as error:
            refused += 1
            print(f"{text['refused'].format(name)}\n{_said(error, arguments.lang)}", file=sys.stderr)
        else:
            print(f"{text['read'].format(name)}\n  {described(net, lang=arguments.lang)}")
            found = doubts(net, lang=arguments.lang)
            if found:
                print(text["doubts"], *found, sep="\n  - ")
    return 1 if refused else 0


def _measure(arguments: argparse.Namespace) -> int:
    net = _selected(arguments)
    by = _grouping(net, arguments)
    metrics = [key_of("metric", name.strip()) for name in arguments.metrics.split(",")]
    if by is None and arguments.metrics == ",".join(METRICS):
        metrics = [name for name in metrics if name not in GROUPED]
    table = rt.measure(net, metrics, by=by, missing="group") if by else rt.measure(net, metrics)
    if arguments.output is None:
        _print_table(net, table, arguments.lang, shown=len(table))
    else:
        _print_written([rt.write_table(_named(net, table), path=arguments.output, lang=arguments.lang)], arguments.lang)
    return 0


def _map(arguments: argparse.Namespace) -> int:
    net = _selected(arguments)
    chart = rt.explore(net, by=_grouping(net, arguments), lang=arguments.lang, title=arguments.title)
    _print_written([chart.save(arguments.output)], arguments.lang)
    return 0


def _report(arguments: argparse.Namespace) -> int:
    writer_for(arguments.output)  # a wrong ending is said before the long work, not after
    net = _selected(arguments)
    report = rt.report(net, by=_grouping(net, arguments) or "sector", lang=arguments.lang, title=arguments.title)
    _print_written([report.save(arguments.output)], arguments.lang)
    return 0


def _open(name: str, actors: str | None) -> Network:
    suffix = Path(name).suffix.lower()
    if suffix in (".zip", ".json") or Path(name).is_dir():
        return rt.load(name)
    if suffix in (".xlsx", ".xlsm") and actors is None:
        return rt.read_workbook(name)
    return rt.read_tables(name, actors=actors)


def _selected(arguments: argparse.Namespace) -> Network:
    net = _open(arguments.file, arguments.actors)
    filters: dict[str, Any] = {}
    for name, known in (("layer", net.layers.index), ("period", net.periods)):
        asked = getattr(arguments, name)
        if asked:
            filters[name] = asked if asked in known else key_of(name, asked)
    return net.select(**filters) if filters else net


def _grouping(net: Network, arguments: argparse.Namespace) -> str | None:
    """Return the column of the groups, as typed in French or English; say so when it cannot be read for everyone."""
    text = TEXTS[arguments.lang]
    by: str = arguments.by or "sector"
    by = by if by in net.actors else key_of("column", by)
    if by not in net.actors:
        return by  # what reads it says what exists
    empty = int(net.actors[by].isna().sum())
    if empty == len(net) and arguments.by is None:
        print(text["ungrouped"], file=sys.stderr)
        return None
    if empty == len(net):
        filled = [name for name in net.actors.columns if net.actors[name].notna().any()]
        raise unknown_name("filled actor column", by, filled)
    if empty:
        print(text["partly"].format(empty, len(net), label("column", by, lang=arguments.lang)), file=sys.stderr)
    return by


def _said(error: ReseauError, lang: Lang) -> str:
    return in_french(str(error)) if lang == "fr" else str(error)


def _print_warning(lang: Lang, message: Warning | str, *_: Any, **__: Any) -> None:
    print(f"{TEXTS[lang]['note']} {in_french(str(message)) if lang == 'fr' else message}", file=sys.stderr)


def _named(net: Network, table: pd.DataFrame) -> pd.DataFrame:
    """Put the names of the actors beside their metrics."""
    return net.actors[["name", "kind", "sector"]].join(table, how="right")


def _print_table(net: Network, table: pd.DataFrame, lang: Lang, *, shown: int = 10) -> None:
    first = "betweenness" if "betweenness" in table else str(table.columns[0])
    ranked = table.sort_values(first, ascending=False, kind="stable").head(shown)
    print(TEXTS[lang]["table"].format(len(ranked), len(table)))
    names = net.actors["name"].reindex(ranked.index).fillna(pd.Series(ranked.index, index=ranked.index))
    written = ranked.map(partial(_written, lang=lang))
    written.index = pd.Index(names.to_list())
    written.columns = [label("metric", column, lang=lang) for column in written.columns]
    print(written.to_string())


def _written(value: Any, *, lang: Lang) -> str:
    """Write one cell: a role is a word, every other metric a number."""
    if isinstance(value, str):
        return label("cartographic_role", value, lang=lang)
    return format_number(value, 0 if float(value).is_integer() else 2, lang=lang)


def _print_written(paths: Sequence[Path], lang: Lang) -> None:
    print(TEXTS[lang]["wrote"])
    for path in paths:
        print(f"  {path}")


if __name__ == "__main__":
    raise SystemExit(main())
