"""From findings to blocks: two pages that a director of services can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import pandas as pd

from reseau_territorial.network import MISSING_GROUP, Network
from reseau_territorial.outlines.naming import group_labels
from reseau_territorial.plots._notes import need_words
from reseau_territorial.reports._bridges import bridges
from reseau_territorial.reports._document import (
    Block,
    Bullets,
    Document,
    Grid,
    Heading,
    Pair,
    Paragraph,
    Picture,
    drawable,
)
from reseau_territorial.reports._findings import ALPHA, LEVEL, UNKNOWN, Findings, Withheld, reading
from reseau_territorial.reports._money import amounts, money
from reseau_territorial.reports._pictures import Pictures
from reseau_territorial.reports._words import COLUMNS, NOUNS, TEXTS
from reseau_territorial.reports._workbook import column_label
from reseau_territorial.styles import format_number, format_percent, in_a_sentence, source_line
from reseau_territorial.vocabulary import Lang, label

__all__ = ["Writer", "compose"]

LEAST_P: Final = 0.001
LAYERS_SHOWN: Final = 6
LAYERS_NAMED: Final = 12
GROUPS_NAMED: Final = 6
NEEDS_SHOWN: Final = 6
CODE: Final = re.compile(r"Code \d+ \(")


def compose(
    found: Findings, pictures: Pictures, held: Withheld, *, title: str | None, lang: Lang, version: str
) -> Document:
    """Write the report of what was found."""
    writer = Writer(found, lang)
    blocks: list[Block] = [
        *writer.size(),
        *money(writer, held.layers),
        *pictures.network(writer.text),
        *writer.silos(pictures.mixing(writer.text)),
        *bridges(writer),
        *writer.change(),
        *pictures.change(writer.text),
        *writer.needs(),
        *writer.missing(),
        *writer.withheld(held),
        *writer.method(version),
        *writer.sources(),
    ]
    document = Document(
        title=title or writer.text["title"],
        subtitle=writer.text["subtitle"].format(actors=writer.actors(), ties=writer.ties("tie")),
        lang=lang,
        blocks=blocks,
        sources=source_line(found.net, lang),
        annex=writer.annex(held, version),
    )
    return drawable(document)


class Writer:
    """Sets findings into sentences of one language."""

    def __init__(self, found: Findings, lang: Lang) -> None:
        self.found = found
        self.lang: Lang = lang
        self.text = TEXTS[lang]
        self.names = _names(found.net)
        self.by = label("column", found.by, lang=lang)

    def count(self, value: float) -> str:
        return format_number(value, 0, lang=self.lang)

    def many(self, value: float, noun: str) -> str:
        """Write a count with its noun in the singular or the plural: French says "0 lien"."""
        one, several = NOUNS[self.lang][noun]
        singular = value < 2 if self.lang == "fr" else value == 1
        return f"{self.count(value)} {one if singular else several}"

    def actors(self) -> str:
        return self.many(len(self.found.net), "actor")

    def ties(self, noun: str) -> str:
        return self.many(len(_present(self.found.net)), noun)

    def decimal(self, value: float) -> str:
        return format_number(value, 2, lang=self.lang)

    def share(self, value: float) -> str:
        return format_percent(value, 0, lang=self.lang)

    def fine_share(self, value: float) -> str:
        return format_percent(value, 1, lang=self.lang)

    def pvalue(self, value: float) -> str:
        """Write a p-value with its sign; the least that can be written is not nothing."""
        if value < LEAST_P:
            return f"< {format_number(LEAST_P, 3, lang=self.lang)}"
        return f"= {format_number(value, 3 if value < 0.1 else 2, lang=self.lang)}"

    def period(self, value: object) -> str:
        return label("period", value, lang=self.lang)

    def layer(self, value: object) -> str:
        written = self.found.net.layers["label"].get(str(value))
        word = str(written) if isinstance(written, str) and self.lang == "fr" else label("layer", value, lang=self.lang)
        # A name among others in a sentence; an acronym stays one.
        return in_a_sentence(word)

    def listed(self, words: Iterable[str]) -> str:
        *head, last = list(words)
        return f"{', '.join(head)}{self.text['and']}{last}" if head else last

    def some(self, words: Sequence[str], shown: int, noun: str) -> str:
        """List the first words, and count the others."""
        if len(words) <= shown + 1:
            return self.listed(words)
        return self.listed([*words[:shown], self.many(len(words) - shown, noun)])

    def size(self) -> Iterator[Block]:
        net, text = self.found.net, self.text
        present = _present(net)
        busy = present["layer"].value_counts()
        layers = [self.layer(name) for name in sorted(busy.index, key=lambda name: (-busy[name], str(name)))]
        named = text["named"].format(
            count=self.many(len(layers), "layer") if len(layers) > 1 else text["one_layer"],
            names=self.some(layers, LAYERS_NAMED, "other_layer") if layers else "",
        )
        lead = text["size"] if len(present) else text["lone"]
        yield Paragraph(lead.format(actors=self.actors(), ties=self.ties("known"), layers=named), "lead")
        sentences = [*self._periods(), *self._composition()]
        unknown = int((net.ties["status"] == "unknown").sum())
        if unknown:
            sentences.append(text["unknown"].format(ties=self.many(unknown, "tie")))
        if sentences:
            yield Paragraph(" ".join(sentences))

    def _periods(self) -> Iterator[str]:
        net = self.found.net
        if len(net.periods) > 1:
            names = self.listed(self.period(name) for name in net.periods)
            known = {"focus": self.period(self.found.period), "actors": self.many(len(self.found.focus), "actor")}
            yield self.text["periods"].format(count=self.count(len(net.periods)), names=names, **known)

    def _composition(self) -> Iterator[str]:
        groups = self.groups()
        if len(groups) > 1 or [key for key, *_ in groups if key not in UNKNOWN]:
            counts = [f"{word} ({self.count(size)})" for _, word, size in groups]
            yield self.text["composition"].format(by=self.by, groups=self.some(counts, GROUPS_NAMED, "group"))

    def silos(self, mixing: Picture | None) -> Iterator[Block]:
        text, test = self.text, self.found.silo
        yield Heading(text["h_silo"])
        if not self.found.several and len(_present(self.found.focus)):
            yield Paragraph(self._no_groups())
            return
        if test is None or pd.isna(test.observed):
            yield Paragraph(text["silo_undefined"])
            return
        low, high = test.interval
        weights = _present(self.found.focus)["weight"]
        inside, alike = (1 + test.observed) / 2, weights.nunique() < 2
        # A share of ties is plural from two, a share of their weight never is.
        several = alike and round(100 * inside) > (1 if self.lang == "fr" else 0)
        verdict = "same" if not test.pvalue <= ALPHA else "more" if test.observed > test.expected else "less"
        # So few actors can be dealt out in so few ways that none could be rare.
        verdict = "few" if verdict == "same" and test.n_resamples * ALPHA < 1 else verdict
        yield Paragraph(
            text["silo"].format(
                by=self.by,
                observed=self.decimal(test.observed),
                inside=self.share(inside),
                what=text["all_ties" if alike else "all_weight"],
                stay=text["stay" if several else "stays"],
                expected=self.decimal(test.expected),
                low=self.decimal(low),
                high=self.decimal(high),
            )
            + " "
            + text[f"silo_{verdict}"].format(p=self.pvalue(test.pvalue))
        )
        layers = self._layers() if len(self.found.layers) > 1 else None
        if mixing is not None and layers is not None:
            yield Pair(mixing, layers)
        else:
            yield from (block for block in (mixing, layers) if block is not None)

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
                text[f"r_{reading(row, tests=len(table))}"],
            )
            for name, row in table.loc[busiest].iterrows()
        ]
        columns = [text[f"c_{name}"] for name in ("layer", "ties", "observed", "expected", "reading")]
        caption = text["silo_table"] if len(table) <= LAYERS_SHOWN else f"{text['silo_table']}. {text['more_layers']}"
        return Grid(caption, columns, rows, (False, True, True, True, False))

    def _no_groups(self) -> str:
        """Say why the criterion separates nobody, and which others would."""
        found, text = self.found, self.text
        known = self.many(found.known, "actor")
        names = [name for name in self.groups() if name[0] not in UNKNOWN]
        why = "silo_nothing" if not names else "silo_single" if len(names) == 1 else "silo_unknown"
        sentence = text[why].format(
            by=self.by, known=known, all=self.count(len(found.focus)), group=names[0][1] if names else ""
        )
        others = [text["quoted"].format(label("column", name, lang=self.lang)) for name in found.others]
        return f"{sentence} {text['other_criteria'].format(names=self.listed(others)) if others else text['complete']}"

    def groups(self) -> list[tuple[str, str, int]]:
        """Return the groups of the focus, the largest first: key, what readers call it, number of actors."""
        found = self.found
        counts = found.focus.actors[found.by].astype("str").fillna(MISSING_GROUP).value_counts()
        order = sorted(counts.index, key=lambda name: (-counts[name], name))
        words = group_labels(found.net, found.by, order, self.lang)
        return [(name, word, int(counts[name])) for name, word in zip(order, words, strict=True)]

    def change(self) -> Iterator[Block]:
        text, change, kept = self.text, self.found.change, self.found.kept
        if change is None or kept is None:
            return
        before, after = (self.period(name) for name in change.name)  # type: ignore[attr-defined]
        yield Heading(text["h_change"])
        counts = {name: self.count(change[name]) for name in ("created", "stable", "dissolved", "unknown")}
        sentences = [text["change"].format(before=before, after=after, **counts)]
        shares = {name: self.share(kept[name]) for name in ("lower", "observed", "upper")}
        counts = {"kept": self.count(kept["kept"])}
        counts |= {name: self.many(kept[name], "tie") for name in ("ties", "unknown")}
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
        provision = provision[provision["status"].isna() | (provision["status"] == "present")]
        provision = provision.assign(word=provision["need"].map(need_words(self.found.focus, self.lang)))
        found = [(str(word), list(dict.fromkeys(part["actor"]))) for word, part in provision.groupby("word", sort=True)]
        # The most fragile first; a code whose words are not known tells a reader nothing, so it comes last.
        found.sort(key=lambda item: (len(item[1]), bool(CODE.match(item[0])), item[0]))
        sole = [f"{word} ({self.names[actors[0]]})" for word, actors in found if len(actors) == 1]
        sentences = [text["needs"].format(covered=self.count(len(found) - len(sole)), sole=self.count(len(sole)))]
        if sole:
            sentences.append(text["sole"].format(names=self.some(sole, 3, "need")))
        states = answers["state"].value_counts()
        counts = {name: int(states.get(name, 0)) for name in ("gap", "sole")}
        counts["several"] = len(answers) - sum(counts.values())
        sentences.append(text["gaps"].format(**{name: self.many(n, "pair") for name, n in counts.items()}))
        yield Paragraph(" ".join(sentences))
        rows = [
            (word, self.count(len(actors)), self.some([self.names[actor] for actor in actors], 3, "other_actor"))
            for word, actors in found[:NEEDS_SHOWN]
        ]
        columns = [text[f"c_{name}"] for name in ("need", "answers", "who")]
        caption = text["needs_table" if len(found) <= NEEDS_SHOWN else "needs_more"]
        yield Grid(caption, columns, rows, (False, True, False))

    def missing(self) -> Iterator[Block]:
        net, text, focus = self.found.net, self.text, self.found.focus
        yield Heading(text["h_missing"])
        sentences = [self._asked() if len(net.observation) else text["no_observation"]]
        undated = int(net.ties["period"].isna().sum()) if net.periods else 0
        tied = pd.unique(_present(net)[["source", "target"]].to_numpy().ravel())
        groups = focus.actors[self.found.by].astype("str").fillna(MISSING_GROUP)
        ungrouped = int((groups == MISSING_GROUP).sum())
        for name, count in (
            ("undated", undated),
            ("isolates", len(net) - len(tied)),
            ("ungrouped", ungrouped if ungrouped < len(focus) else 0),
        ):
            if count:
                sentences.append(text[name].format(self.count(count), by=self.by))
        yield Paragraph(" ".join(sentences))

    def withheld(self, held: Withheld) -> Iterator[Block]:
        """Say what was masked or left out; nothing, when nothing was."""
        sentences = []
        if held.persons:
            sentences.append(self.text["grouped" if held.grouped else "masked"].format(self.count(held.persons)))
        if held.layers:
            sentences.append(self.text["secret"].format(self.listed(self.layer(name) for name in held.layers)))
        if sentences:
            yield Heading(self.text["h_withheld"])
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
        found, text = self.found, self.text
        lines = []
        if found.silo is not None:
            lines.append(text["m_silo"].format(n=self.count(found.silo.n_resamples), seed=found.silo.seed))
        if found.silo is not None and len(found.layers) > 1:
            lines.append(text["m_layers"])
        if "loss" in found.bridges:
            lines.append(text["m_facilitator"])
        if found.draws:
            lines.append(text["m_interval"].format(n=self.count(found.draws), level=self.share(LEVEL)))
        return [*lines, text["m_weight"], text["m_version"].format(version=version)]

    def method(self, version: str) -> Iterator[Block]:
        yield Heading(self.text["h_method"])
        yield Bullets(self.definitions(version))

    def sources(self) -> Iterator[Block]:
        yield Heading(self.text["h_sources"])
        yield Paragraph(source_line(self.found.net, self.lang) or self.text["no_sources"], "note")

    def annex(self, held: Withheld, version: str) -> dict[str, pd.DataFrame]:
        found, text = self.found, self.text
        actors = found.focus.actors[["name", "kind", "sector", "tier", "territory"]]
        received = amounts(found.net, held.layers)
        bridges = found.bridges if "loss" in found.bridges else found.bridges.rename(columns={"score": "paths"})
        sheets = {
            text["a_actors"]: actors.join(found.table).reset_index(),
            text["a_ties"]: self._named(found.focus.ties, "source", "target"),
            text["a_money"]: self._named(received, "actor"),
            text["a_mixing"]: self._groups(found.mixing.reset_index()),
            text["a_silo"]: found.layers.reset_index(),
            text["a_facilitators"]: self._named(bridges.reset_index(), "actor") if len(found.bridges) else received[:0],
            text["a_provision"]: self._named(found.focus.provision, "actor") if len(found.answers) else received[:0],
            text["a_method"]: pd.DataFrame({text["a_definition"]: self.definitions(version)}),
            text["a_sources"]: found.net.sources.reset_index(),
        }
        always = (text["a_ties"], text["a_mixing"], text["a_silo"], text["a_sources"])
        return {
            name: self._labelled(self._words(sheet)) for name, sheet in sheets.items() if len(sheet) or name in always
        }

    def _named(self, frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        """Add, beside each column of identifiers, what the actors are called."""
        out = frame.copy()
        for column in out.columns.intersection(list(columns)):
            names = out[column].astype(object).map(self.names)
            out.insert(list(out.columns).index(column) + 1, f"{column}_name", names)
        return out

    def _groups(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Put the names of groups in place of their keys."""
        ends = {
            column: group_labels(self.found.net, self.found.by, frame[column], self.lang)
            for column in ("source", "target")
        }
        return frame.assign(**ends)

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
        if "need" in out and "need_label" not in out and len(self.found.net.provision):
            out["need"] = out["need"].astype(object).map(need_words(self.found.net, self.lang))
        if "layer" in out:
            out["layer"] = out["layer"].astype("str").map(self.layer)
        return out

    def _labelled(self, frame: pd.DataFrame) -> pd.DataFrame:
        own = COLUMNS[self.lang]
        return frame.rename(columns=lambda column: own.get(str(column)) or column_label(column, self.lang))


def _names(net: Network) -> pd.Series:
    names = net.actors["name"]
    return names.where(names.notna(), names.index.to_series())


def _present(net: Network) -> pd.DataFrame:
    return net.ties[net.ties["status"] == "present"]
