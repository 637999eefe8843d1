"""From findings to blocks: two pages that a director of services can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

import pandas as pd

from reseau_territorial.network import Network
from reseau_territorial.reports._document import Block, Bullets, Document, Grid, Heading, Paragraph
from reseau_territorial.reports._findings import ALPHA, Findings, reading
from reseau_territorial.reports._pictures import Pictures
from reseau_territorial.reports._words import TEXTS
from reseau_territorial.reports._workbook import column_label
from reseau_territorial.styles import format_number, format_percent
from reseau_territorial.vocabulary import Lang, label

__all__ = ["compose"]

SHOWN: Final = 5
LAYERS_SHOWN: Final = 5
SOURCES_SHOWN: Final = 5


def compose(found: Findings, pictures: Pictures, *, title: str | None, lang: Lang, version: str) -> Document:
    """Write the report of what was found."""
    writer = _Writer(found, lang)
    blocks: list[Block] = [
        *writer.size(),
        *pictures.network(writer.text),
        *writer.silos(),
        *pictures.mixing(writer.text),
        *writer.bridges(),
        *writer.change(),
        *pictures.change(writer.text),
        *writer.needs(),
        *writer.missing(),
        *writer.method(version),
        *writer.sources(),
    ]
    present = _present(found.net)
    subtitle = writer.text["subtitle"].format(actors=writer.count(len(found.net)), ties=writer.count(len(present)))
    return Document(
        title=title or writer.text["title"], subtitle=subtitle, lang=lang, blocks=blocks, annex=writer.annex(version)
    )


class _Writer:
    """Sets findings into sentences of one language."""

    def __init__(self, found: Findings, lang: Lang) -> None:
        self.found = found
        self.lang: Lang = lang
        self.text = TEXTS[lang]
        self.names = _names(found.net)
        self.by = label("column", found.by, lang=lang)

    def count(self, value: float) -> str:
        return format_number(value, 0, lang=self.lang)

    def decimal(self, value: float) -> str:
        return format_number(value, 2, lang=self.lang)

    def share(self, value: float) -> str:
        return format_percent(value, 0, lang=self.lang)

    def pvalue(self, value: float) -> str:
        return format_number(value, 3 if value < 0.1 else 2, lang=self.lang)

    def group(self, value: object) -> str:
        return label(self.found.by, value, lang=self.lang)

    def period(self, value: object) -> str:
        return label("period", value, lang=self.lang)

    def layer(self, value: object) -> str:
        written = self.found.net.layers["label"].get(str(value))
        return str(written) if isinstance(written, str) and self.lang == "fr" else label("layer", value, lang=self.lang)

    def listed(self, words: Iterable[str]) -> str:
        *head, last = list(words)
        return f"{', '.join(head)}{self.text['and']}{last}" if head else last

    def size(self) -> Iterator[Block]:
        net, text = self.found.net, self.text
        ties = net.ties
        layers = [self.layer(name) for name in net.layers.index]
        yield Paragraph(
            text["size"].format(
                actors=self.count(len(net)),
                ties=self.count(len(_present(net))),
                layers=text["layers"].format(len(layers)) if len(layers) > 1 else text["layer"],
                names=self.listed(layers) if layers else "–",
            ),
            "lead",
        )
        sentences = []
        if len(net.periods) > 1:
            names = self.listed(self.period(name) for name in net.periods)
            focus = self.period(self.found.period)
            sentences.append(text["periods"].format(count=len(net.periods), names=names, focus=focus))
        groups = (
            net.actors[self.found.by]
            .dropna()
            .astype("str")
            .value_counts()
            .sort_index()
            .sort_values(ascending=False, kind="stable")
        )
        if len(groups):
            counts = self.listed(f"{self.group(name)} ({self.count(size)})" for name, size in groups.items())
            sentences.append(text["composition"].format(by=self.by, groups=counts))
        unknown = int((ties["status"] == "unknown").sum())
        if unknown:
            sentences.append(text["unknown"].format(unknown=self.count(unknown)))
        yield Paragraph(" ".join(sentences))

    def silos(self) -> Iterator[Block]:
        text, test = self.text, self.found.silo
        yield Heading(text["h_silo"])
        if test is None or pd.isna(test.observed):
            yield Paragraph(text["silo_undefined"])
            return
        low, high = test.interval
        verdict = "same" if not test.pvalue <= ALPHA else "more" if test.observed > test.expected else "less"
        yield Paragraph(
            text["silo"].format(
                by=self.by,
                observed=self.decimal(test.observed),
                inside=self.share((1 + test.observed) / 2),
                expected=self.decimal(test.expected),
                low=self.decimal(low),
                high=self.decimal(high),
            )
            + " "
            + text[f"silo_{verdict}"].format(p=self.pvalue(test.pvalue))
        )
        if len(self.found.layers) > 1:
            yield self._layers()

    def _layers(self) -> Grid:
        """Set the silo index of the layers with most ties."""
        text, table = self.text, self.found.layers
        ties = _present(self.found.focus)["layer"].value_counts()
        busiest = sorted(table.index, key=lambda layer: -ties.get(layer, 0))[:LAYERS_SHOWN]
        rows = [
            (
                self.layer(name),
                self.count(ties.get(name, 0)),
                self.decimal(row["observed"]),
                self.decimal(row["expected"]),
                text[f"r_{reading(row)}"],
            )
            for name, row in table.loc[busiest].iterrows()
        ]
        columns = [text[f"c_{name}"] for name in ("layer", "ties", "observed", "expected", "reading")]
        caption = text["silo_table"] if len(table) <= LAYERS_SHOWN else f"{text['silo_table']}. {text['more_layers']}"
        return Grid(caption, columns, rows, (False, True, True, True, False))

    def bridges(self) -> Iterator[Block]:
        text, table = self.text, self.found.bridges
        yield Heading(text["h_bridges"])
        top = table.head(SHOWN)
        top = top[top["score"] > 0] if len(top) else top
        if not len(top):
            yield Paragraph(text["bridges_none"])
            return
        resampled = bool(top["low"].notna().all())
        yield Paragraph(f"{text['bridges']} {self._order(top)}" if resampled else text["bridges_paths"])
        degree = self.found.table["degree"]
        rows = []
        for row in top.reset_index().to_dict("records"):
            score = self.decimal(row["score"]) if resampled else self.share(row["score"])
            interval = (f"{self.decimal(row['low'])}{text['to']}{self.decimal(row['high'])}",) if resampled else ()
            rows.append((self.names[row["actor"]], self.count(degree[row["actor"]]), score, *interval))
        columns = [text[f"c_{name}"] for name in ("actor", "degree", "score", "interval")][: 3 + resampled]
        yield Grid(text["bridges_table"], columns, rows, (False, True, True, True)[: 3 + resampled])

    def _order(self, top: pd.DataFrame) -> str:
        """Say that one actor stands out only when its interval overlaps no other."""
        first = str(top.index[0])
        rivals = [str(actor) for actor in top.index[(top["high"] >= top["low"].iloc[0]).to_numpy()][1:]]
        if not rivals:
            return self.text["bridges_clear"].format(first=self.names[first])
        return self.text["bridges_open"].format(names=self.listed(self.names[actor] for actor in [first, *rivals]))

    def change(self) -> Iterator[Block]:
        text, change, kept = self.text, self.found.change, self.found.kept
        if change is None or kept is None:
            return
        before, after = (self.period(name) for name in change.name)  # type: ignore[attr-defined]
        yield Heading(text["h_change"])
        counts = {name: self.count(change[name]) for name in ("created", "stable", "dissolved", "unknown")}
        sentences = [text["change"].format(before=before, after=after, **counts)]
        shares = {name: self.share(kept[name]) for name in ("lower", "observed", "upper")}
        counts = {name: self.count(kept[name]) for name in ("ties", "kept", "unknown")}
        if kept["ties"]:
            template = "kept" if kept["unknown"] else "kept_sure"
            sentences.append(text[template].format(before=before, **counts, **shares))
        if kept["unknown"] and kept["upper"] - kept["lower"] > 0.25:
            sentences.append(text["kept_open"])
        yield Paragraph(" ".join(sentences))

    def needs(self) -> Iterator[Block]:
        answers, text = self.found.answers, self.text
        if not len(answers):
            return
        yield Heading(text["h_needs"])
        provision = self.found.focus.provision
        provision = provision[provision["status"] == "present"]
        rows, sole = [], []
        for need, part in provision.groupby("need", sort=True):
            actors = list(dict.fromkeys(part["actor"]))
            shown = [self.names[actor] for actor in actors[:4]]
            more = f" (+ {len(actors) - 4})" if len(actors) > 4 else ""
            rows.append((label("need", need, lang=self.lang), self.count(len(actors)), ", ".join(shown) + more))
            if len(actors) == 1:
                sole.append(f"{label('need', need, lang=self.lang)} ({self.names[actors[0]]})")
        sentence = text["needs"].format(covered=self.count(len(rows) - len(sole)), sole=self.count(len(sole)))
        yield Paragraph(sentence + (" " + text["sole"].format(names=self.listed(sole)) if sole else ""))
        columns = [text[f"c_{name}"] for name in ("need", "answers", "who")]
        yield Grid(text["needs_table"], columns, rows, (False, True, False))

    def missing(self) -> Iterator[Block]:
        net, text = self.found.net, self.text
        yield Heading(text["h_missing"])
        sentences = [self._asked() if len(net.observation) else text["no_observation"]]
        undated = int(net.ties["period"].isna().sum())
        if undated and net.periods:
            sentences.append(text["undated"].format(self.count(undated)))
        yield Paragraph(" ".join(sentences))

    def _asked(self) -> str:
        """Count who was observed, period by period."""
        net = self.found.net
        observed = net.observation[net.observation["observed"]]
        counts = []
        for period in [name for name in net.periods if (net.observation["period"] == name).any()] or [""]:
            here = observed[observed["period"].isna() | (observed["period"] == period)]["actor"].nunique()
            written = {"observed": self.count(here), "asked": self.count(len(net)), "period": self.period(period)}
            counts.append(self.text["asked_period"].format(**written).replace(" ()", ""))
        return self.text["asked"].format(periods=self.listed(counts))

    def definitions(self, version: str) -> list[str]:
        test, text = self.found.silo, self.text
        lines = []
        if test is not None:
            lines.append(text["m_silo"].format(n=self.count(test.n_resamples), seed=test.seed))
        if len(self.found.bridges):
            lines.append(text["m_facilitator"])
        return [*lines, text["m_weight"], text["m_version"].format(version=version)]

    def method(self, version: str) -> Iterator[Block]:
        yield Heading(self.text["h_method"])
        yield Bullets(self.definitions(version))

    def sources(self) -> Iterator[Block]:
        yield Heading(self.text["h_sources"])
        lines = source_lines(self.found.net)
        if not lines:
            yield Paragraph(self.text["no_sources"], "note")
            return
        shown = lines[:SOURCES_SHOWN]
        if len(lines) > len(shown):
            shown.append(self.text["many_sources"].format(len(lines) - len(shown)))
        yield Paragraph(" – ".join(shown), "note")

    def annex(self, version: str) -> dict[str, pd.DataFrame]:
        found, text = self.found, self.text
        actors = found.focus.actors[["name", "kind", "sector", "tier", "territory"]]
        sheets = {
            text["a_actors"]: self._words(actors.join(found.table).reset_index()),
            text["a_ties"]: self._words(found.focus.ties),
            text["a_mixing"]: found.mixing.reset_index(),
            text["a_silo"]: found.layers.reset_index(),
        }
        if len(found.bridges):
            sheets[text["a_facilitators"]] = found.bridges.reset_index()
        if len(found.answers):
            sheets[text["a_provision"]] = self._words(found.focus.provision)
        sheets[text["a_method"]] = pd.DataFrame({text["a_definition"]: self.definitions(version)})
        sheets[text["a_sources"]] = found.net.sources.reset_index()
        return {name: self._labelled(sheet) for name, sheet in sheets.items()}

    def _words(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Put labels in place of the keys of the vocabulary."""
        out = frame.copy()
        kinds: tuple[Literal["kind", "sector", "tier", "status", "period", "role"], ...] = (
            "kind", "sector", "tier", "status", "period", "role",
        )  # fmt: skip
        for name in kinds:
            if name in out:
                out[name] = (
                    out[name].astype("str").map(lambda key, name=name: label(name, key, lang=self.lang), "ignore")
                )
        if "layer" in out:
            out["layer"] = out["layer"].astype("str").map(self.layer)
        return out

    def _translated(self, keys: pd.Series, table: str) -> pd.Series:
        return keys.astype("str").map(lambda key: label(table, key, lang=self.lang), na_action="ignore")

    def _labelled(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame.rename(columns=lambda column: column_label(column, self.lang))


def source_lines(net: Network) -> list[str]:
    """Write each source on one line: producer, title, date, licence."""
    rows = net.sources[["producer", "title", "date", "licence"]]
    return [", ".join(str(part) for part in row if pd.notna(part)) for row in rows.itertuples(index=False)]


def _names(net: Network) -> pd.Series:
    names = net.actors["name"]
    return names.where(names.notna(), names.index.to_series())


def _present(net: Network) -> pd.DataFrame:
    return net.ties[net.ties["status"] == "present"]
