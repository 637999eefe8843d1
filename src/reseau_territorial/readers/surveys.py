"""Survey answers: who says to work with whom, and who did not answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import ReseauError, TableError, enumerate_rows, enumerate_values
from reseau_territorial.network import Network
from reseau_territorial.readers._headers import name_columns, names_the_same, with_text_headers
from reseau_territorial.readers._sheets import TableSource, open_table
from reseau_territorial.readers._words import level_of, read_flag, read_period, read_words
from reseau_territorial.readers.tabular import network_of
from reseau_territorial.tables import ACTORS, order_of_periods

__all__ = ["read_survey"]

_UNKNOWN: Final = {"nsp", "ne_sait_pas", "ne_sait_plus", "nr", "inconnu", "unknown", "na"}
_ASKED_ABOUT: Final = {
    *("target", "cible", "acteur_cible", "acteur_2", "destination", "partenaire", "acteur_cite", "alter"),
}
_NO_SELF: Final = {"", "x", "_", "na"}


@dataclass(frozen=True)
class _Answers:
    """The answers of one period, one row per pair that was asked about."""

    pairs: pd.DataFrame
    respondents: tuple[str, ...]
    actors: tuple[str, ...]


def read_survey(
    answers: TableSource | Mapping[str, TableSource],
    *,
    actors: TableSource | None = None,
    layer: str = "tie",
    values: Literal["level", "weight"] = "level",
    blank: Literal["unknown", "absent"] = "unknown",
    directed: bool = True,
) -> Network:
    """Read a network from survey grids or lists, one per period, with their missing answers.

    Parameters
    ----------
    answers : path, DataFrame or mapping of period to them
        Either a grid (first column: who answers; one column per actor asked about), or a list (columns
        respondent, actor, and optionally level or weight). A cell holds a number, yes or no (``x``,
        ``oui``, ``non``), or a word for "does not know" (``NSP``). A mapping gives one table per period,
        such as ``{"before": "avant.csv", "after": "après.csv"}``; a list may have a column ``period`` instead.
    actors : path or DataFrame, optional
        The actors; when missing, all those that the answers name.
    layer : str, default "tie"
        The layer that the question is about.
    values : {"level", "weight"}
        What a number means: a level of cooperation from 0 to 4, or a strength.
    blank : {"unknown", "absent"}
        What an empty cell means in the row of someone who answered something else. In a grid where only
        the existing ties are ticked, it is ``"absent"``.
    directed : bool, default True
        Whether a tie goes from the respondent to the actor. If False, the two answers about a pair become
        one tie: present when either says so, with the larger number; else unknown when either is unknown.

    Returns
    -------
    Network
        Answers of 0 or no give no tie: the pair is absent, since its respondent is observed. Someone whose
        row is empty, and an actor asked about who has no row, stand in ``observation`` as not observed.

    Raises
    ------
    TableError
        A cell is no answer, someone answers twice or about themselves; all problems are listed.

    Examples
    --------
    >>> import pandas as pd
    >>> grid = pd.DataFrame({"répondant": ["A", "B", "C"], "A": ["", "2", ""], "B": ["3", "", ""], "C": ["0", "", ""]})
    >>> net = read_survey({"before": grid})
    >>> net.ties[["source", "target", "level", "status"]].values.tolist()
    [['A', 'B', 3, 'present'], ['B', 'A', 2, 'present'], ['B', 'C', <NA>, 'unknown']]
    >>> net.observation["observed"].to_list()
    [True, True, False]
    """
    _check_choice("values", values, ("level", "weight"))
    _check_choice("blank", blank, ("unknown", "absent"))
    problems: list[str] = []
    ties, observation, named, periods = [], [], [], []
    for period, frame, where in _waves(answers, problems):
        wave = _answers(frame, where, values=values, blank=blank, problems=problems)
        periods.append(period)
        named.append(pd.Series(wave.actors, dtype="str"))
        ties.append(_ties(wave, values=values, directed=directed).assign(layer=layer, period=period))
        observation.append(_observation(wave).assign(period=period, layer=layer))
    if not periods and not problems:
        problems.append("answers: no row holds an answer. Check that the file is the one that was filled in.")
    if problems:
        raise TableError(problems)
    tables: dict[str, pd.DataFrame | None] = {
        "ties": _in_order(pd.concat(ties, ignore_index=True), periods),
        "actors": _actor_table(actors, pd.concat(named).drop_duplicates()),
        "layers": pd.DataFrame({"layer": [layer], "directed": [directed]}),
        "observation": pd.concat(observation, ignore_index=True),
    }
    return network_of(tables, {}, directed=directed)


def _check_choice(name: str, asked: str, known: tuple[str, ...]) -> None:
    if asked not in known:
        raise ReseauError(f"{name} is one of {enumerate_values(known)}; {asked!r} is not.")


def _waves(
    answers: TableSource | Mapping[str, TableSource], problems: list[str]
) -> Iterator[tuple[str | None, pd.DataFrame, str]]:
    """Yield each period with its table and what messages call it; a list may tell the period itself."""
    given: Mapping[str, TableSource] = answers if isinstance(answers, Mapping) else {"": answers}
    for period, source in given.items():
        try:
            frame, file = open_table(source)
        except TableError as error:
            problems.extend(error.problems)
            continue
        frame = with_text_headers(frame, problems, where=file or period or "answers")
        told = next((name for name in frame.columns if names_the_same(str(name), "ties", "period")), None)
        if period or told is None or not _is_list(frame):
            yield (read_period(period) if period else None), frame, file or period or "answers"
            continue
        periods = frame[told].map(read_period, na_action="ignore")
        empty = periods.isna() | periods.eq("")
        if empty.any():
            problems.append(f"{file or 'answers'}: no period in {enumerate_rows(frame.index[empty])}. Fill it in.")
        for name in order_of_periods([str(word) for word in periods[~empty].unique()]):
            yield name, frame[periods == name].drop(columns=told), f"{file or 'answers'} ({name})"


def _is_list(frame: pd.DataFrame) -> bool:
    """Tell a list of pairs from a grid: a list has a column for the actor that the respondent names."""
    return _ends_of_list(frame) is not None


def _ends_of_list(frame: pd.DataFrame) -> tuple[str, str] | None:
    """Return the columns of who answers and of the actor that is named, if the table is a list."""
    columns = list(map(str, frame.columns))
    target = next((name for name in columns if plain_key(name) in _ASKED_ABOUT), None)
    if target is None:
        target = next((name for name in columns[1:] if plain_key(name) in ("acteur", "actor")), None)
    others = [name for name in columns if name != target]
    if target is None or not others:
        return None
    told = [name for name in others if names_the_same(name, "ties", "source")]
    return (told or others)[0], target


def _answers(frame: pd.DataFrame, where: str, *, values: str, blank: str, problems: list[str]) -> _Answers:
    ends = _ends_of_list(frame)
    long = _long_of_list(frame, ends, where, values, problems) if ends else _long_of_grid(frame, where, problems)
    long = long.assign(text=long["answer"].map(_plain))
    respondents = tuple(long["source"].drop_duplicates())
    others = () if ends else tuple(str(name).strip() for name in frame.columns[1:])
    everyone = dict.fromkeys([*respondents, *others, *long["target"].dropna()])
    own = long["source"] == long["target"]
    self_named = own & ~long["text"].isin(_NO_SELF) & long["answer"].map(_number).ne(0)
    if self_named.any():
        rows = enumerate_rows(long.loc[self_named, "row"].unique())
        problems.append(f"{where}: {rows} hold an answer of an actor about itself. Empty these cells.")
    long = long[~own & long["target"].notna()]
    long = long.assign(number=long["answer"].map(_number), empty=long["text"].eq(""))
    unread = ~long["empty"] & long["number"].isna() & ~long["text"].isin(_UNKNOWN)
    if unread.any():
        problems.append(
            f"{where}: {enumerate_rows(long.loc[unread, 'row'].unique())} hold "
            f"{enumerate_values(long.loc[unread, 'answer'].unique())}, which is no answer. "
            "Write a number, yes or no, or leave the cell empty."
        )
    answered = set(long.loc[~long["empty"], "source"])
    kept = long["source"].isin(answered) & ~(long["empty"] & (blank == "absent"))
    return _Answers(long[kept], tuple(name for name in respondents if name in answered), tuple(everyone))


def _long_of_grid(frame: pd.DataFrame, where: str, problems: list[str]) -> pd.DataFrame:
    first = frame.columns[0]
    grid = frame.dropna(subset=[first])
    who = grid[first].astype("str").str.strip()
    twice = who[who.duplicated(keep=False)]
    if len(twice):
        problems.append(
            f"{where}: {enumerate_values(twice.unique())} answer more than once ({enumerate_rows(twice.index)}). "
            "Keep one row each."
        )
    wide = grid.drop(columns=first).rename(columns=lambda name: str(name).strip()).astype("object")
    wide = wide.assign(source=who, row=grid.index)
    return wide.melt(id_vars=["source", "row"], var_name="target", value_name="answer").sort_values(
        ["row"], kind="stable", ignore_index=True
    )


def _long_of_list(
    frame: pd.DataFrame, ends: tuple[str, str], where: str, values: str, problems: list[str]
) -> pd.DataFrame:
    frame = frame.rename(columns=dict(zip(ends, ("source", "target"), strict=True)))
    found = name_columns(frame, "ties", problems, where=where)
    number = next((name for name in (values, "level", "weight") if name in found.columns), None)
    answer = found[number].astype("object") if number else pd.Series("1", index=found.index, dtype="object")
    long = pd.DataFrame({"source": found["source"], "target": found["target"], "answer": answer, "row": found.index})
    twice = long.duplicated(["source", "target"], keep=False) & long["target"].notna()
    if twice.any():
        problems.append(f"{where}: {enumerate_rows(found.index[twice])} repeat a pair. Keep one row per pair.")
    return long


def _ties(wave: _Answers, *, values: str, directed: bool) -> pd.DataFrame:
    pairs = wave.pairs[wave.pairs["number"].ne(0)].copy()
    pairs["status"] = pairs["number"].isna().map({True: "unknown", False: "present"})
    ends = pairs[["source", "target"]].astype("str")
    if not directed:
        pairs["source"], pairs["target"] = ends.min(axis=1), ends.max(axis=1)
        # "present" sorts before "unknown": the first status of a pair is the one that decides.
        pairs = pairs.groupby(["source", "target"], sort=False, as_index=False).agg({"status": "min", "number": "max"})
    out = pairs[["source", "target", "status"]].reset_index(drop=True)
    numbers = pairs["number"].astype("float64").reset_index(drop=True)
    return out.assign(level=numbers) if values == "level" else out.assign(weight=numbers.fillna(1.0))


def _observation(wave: _Answers) -> pd.DataFrame:
    answered = set(wave.respondents)
    return pd.DataFrame({"actor": wave.actors, "observed": [actor in answered for actor in wave.actors]})


def _actor_table(source: TableSource | None, named: pd.Series) -> pd.DataFrame:
    if source is None:
        return pd.DataFrame({"actor": named.to_numpy()})
    frame, file = open_table(source)
    problems: list[str] = []
    found = read_words(name_columns(frame, "actors", problems, where=file or "actors"), {*ACTORS.names})
    if problems:
        raise TableError(problems)
    return found


def _in_order(ties: pd.DataFrame, periods: list[str | None]) -> pd.DataFrame:
    """Keep the order in which the periods were given."""
    if periods == [None]:
        return ties.drop(columns="period")
    order = pd.CategoricalDtype([str(period) for period in periods], ordered=True)
    return ties.assign(period=ties["period"].astype("str").astype(order))


def _plain(answer: object) -> str:
    return "" if pd.isna(answer) else plain_key(str(answer))  # type: ignore[call-overload]


def _number(answer: object) -> float:
    """Return the number of an answer: a level's words count, 1 and 0 for yes and no, NaN when it is none."""
    if pd.isna(answer):  # type: ignore[call-overload]
        return float("nan")
    value = level_of(answer)
    value = read_flag(answer) if isinstance(value, str) else value
    return float(value) if isinstance(value, int | float) else float("nan")
