"""Reports: two pages of plain language written from the figures, with their tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from reseau_territorial import __version__
from reseau_territorial._files import write_atomically
from reseau_territorial.errors import ReseauError, enumerate_values, unknown_name
from reseau_territorial.network import Network
from reseau_territorial.privacy import Flows, Persons, confidential_layers, persons_in, protect
from reseau_territorial.reports._document import Document
from reseau_territorial.reports._docx import to_docx
from reseau_territorial.reports._findings import Withheld, findings
from reseau_territorial.reports._html import to_html
from reseau_territorial.reports._pdf import to_pdf
from reseau_territorial.reports._pictures import Pictures
from reseau_territorial.reports._sections import compose
from reseau_territorial.reports._workbook import to_xlsx, write_table
from reseau_territorial.vocabulary import SEED, Lang

__all__ = ["Report", "report", "write_table"]

WithoutGroup = Literal["group", "error"]

WRITERS: Final[Mapping[str, Callable[[Document], str | bytes]]] = {
    ".html": to_html,
    ".pdf": to_pdf,
    ".xlsx": to_xlsx,
    ".docx": to_docx,
}


def writer_for(path: str | os.PathLike[str]) -> Callable[[Document], str | bytes]:
    """Return what writes a report to this file, by its ending.

    Raises
    ------
    ReseauError
        If no writer knows the ending.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        known = enumerate_values(WRITERS)
        raise ReseauError(f"cannot write a report as {str(path)!r}. Give a name that ends with one of: {known}.")
    return WRITERS[suffix]


@dataclass(frozen=True, eq=False)
class Report:
    """A report, ready to be saved or shown in a notebook.

    Attributes
    ----------
    document : Document
        Its sections, before they take the form of a file.
    """

    document: Document

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the report, whole or not at all.

        Parameters
        ----------
        path : path
            The ending says the format: ``.html`` (static, no script, no request), ``.pdf`` (extra ``pdf``),
            ``.xlsx`` (the text, then one sheet per table) or ``.docx`` (extra ``docx``).

        Returns
        -------
        pathlib.Path
            The file written.

        Raises
        ------
        ReseauError
            If the ending is another, or the file cannot be written.
        MissingDependencyError
            If the library that sets the format is not installed.
        """
        return write_atomically(path, writer_for(path)(self.document))

    def _repr_html_(self) -> str:
        from html import escape

        title = escape(self.document.title, quote=True)
        page = escape(to_html(self.document), quote=True)
        frame = 'width="100%" height="640" style="border:1px solid #d0d0d8"'
        return f'<iframe sandbox title="{title}" srcdoc="{page}" {frame}></iframe>'


def report(
    net: Network,
    *,
    by: str = "sector",
    period: str | None = None,
    title: str | None = None,
    missing: WithoutGroup = "group",
    persons: Persons = "mask",
    flows: Flows = "withhold",
    n_resamples: int = 1999,
    seed: int = SEED,
    lang: Lang = "fr",
) -> Report:
    """Write two pages of plain language on a network: size, silos, bridges, change, gaps, what is not known.

    Parameters
    ----------
    net : Network
        The network.
    by : str, default "sector"
        Actor column that gives the groups.
    period : str, optional
        The period that the figures are about; by default the one with the most present ties.
    title : str, optional
        Title of the report.
    missing : {"group", "error"}
        Whether actors without a group make one of their own, or stop the work.
    persons : {"mask", "group", "keep"}
        Whether natural persons and sole traders lose their name, are gathered with their number, or stay (for a
        report that does not leave the office). The report says how many.
    flows : {"withhold", "keep"}
        Whether ties of confidential layers (a true ``confidential`` in ``net.layers``) lose their amounts; each
        then counts for 1, and the report names the layers. See :func:`protect`.
    n_resamples : int, default 1999
        Number of permutations of the test on silos; the intervals of facilitators take a twentieth of it, 19 at least.
    seed : int
        Seed of everything random; it is printed in the report.
    lang : {"fr", "en"}
        Language of the report.

    Returns
    -------
    Report
        ``.save("x.html")``, ``.pdf``, ``.xlsx`` or ``.docx``. A sentence draws a conclusion only where the
        figures allow it: beyond chance for silos, intervals apart for bridges, bounds close for what lasts.

    Raises
    ------
    UnknownNameError
        If the column or the period is not there.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> paper = report(samples.tours_masks(), by="sector", n_resamples=99)
    >>> paper.document.blocks[0].text[:21]
    'Ce réseau réunit 33 a'
    """
    if missing not in get_args(WithoutGroup):
        raise unknown_name("choice for missing", missing, get_args(WithoutGroup))
    public = protect(net, persons=persons, flows=flows, lang=lang)
    found = findings(public, by=by, period=period, missing=missing, n_resamples=n_resamples, seed=seed)
    held = Withheld(
        persons=0 if persons == "keep" else persons_in(net),
        grouped=persons == "group",
        layers=confidential_layers(net) if flows == "withhold" else [],
    )
    return Report(compose(found, Pictures(found, lang), held, title=title, lang=lang, version=__version__))
