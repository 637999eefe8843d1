"""From files as they are in France to a checked `Network`.

Text tables, workbooks, Parquet, Kumu sheets, survey grids, multinet and graph files. French headers
and words are understood; every problem is reported at once, with the file and the rows.
"""

from reseau_territorial.readers.graphs import read_graph
from reseau_territorial.readers.kumu import read_kumu
from reseau_territorial.readers.multinet import read_mpx
from reseau_territorial.readers.surveys import read_survey
from reseau_territorial.readers.tabular import read_tables, read_workbook

__all__ = ["read_graph", "read_kumu", "read_mpx", "read_survey", "read_tables", "read_workbook"]
