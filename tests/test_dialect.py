"""Text tables as they are found: any of the usual encodings, separators and accidents, or a clear error."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reseau_territorial import TableError
from reseau_territorial._dialect import Dialect, find_separator, parse_number, plain_key, read_text_table

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be")
# cp1252 can write all of these; separators, quotes and line breaks inside cells are the point.
LETTERS = "abcXYZ àéèêçôûÉœ’«»€–0123456789,;|\t\"'.()/\n"
CELL = st.text(LETTERS, max_size=12).map(str.strip)
NAME = st.text("abcdefgéèàç ", min_size=1, max_size=8).map(str.strip).filter(bool)


def written(rows: list[list[str]], separator: str, *, quote_all: bool = False, end: str = "\r\n") -> str:
    buffer = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(buffer, delimiter=separator, quoting=quoting, lineterminator=end).writerows(rows)
    return buffer.getvalue()


def save(folder: Path, text: str, encoding: str = "utf-8", name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def is_utf8(content: bytes) -> bool:
    """Tell whether cp1252 bytes happen to be UTF-8, as those of "çœœ" are: no reader can know."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    names = draw(st.lists(NAME, min_size=2, max_size=5, unique_by=str.casefold))
    body = draw(st.lists(st.lists(CELL, min_size=len(names), max_size=len(names)), min_size=1, max_size=8))
    return [[" ".join(name.split()) for name in names], *body]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=tables(),
    encoding=st.sampled_from(ENCODINGS),
    separator=st.sampled_from(";,\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    quote_all=st.booleans(),
)
def test_a_table_comes_back_cell_for_cell_when_its_dialect_is_told(
    tmp_path: Path, rows: list[list[str]], encoding: str, separator: str, end: str, quote_all: bool
) -> None:
    assume(all(any(row) for row in rows))
    text = written(rows, separator, quote_all=quote_all, end=end)
    assume(encoding != "cp1252" or text.isascii() or not is_utf8(text.encode("cp1252")))
    path = save(tmp_path, text, encoding)
    table = read_text_table(path, separator=separator)
    assert list(table.columns) == rows[0]
    assert table.fillna("").values.tolist() == rows[1:]
    assert list(table.index) == list(range(2, len(rows) + 1))


SIMPLE = st.text("abcdéèàç 0123456789.'’-", min_size=1, max_size=10).map(str.strip).filter(bool)
DECIMAL = st.integers(0, 10_000).map(lambda n: f"{n / 100:.2f}".replace(".", ","))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.lists(st.tuples(SIMPLE, SIMPLE, DECIMAL), min_size=1, max_size=12),
    encoding=st.sampled_from(ENCODINGS),
    separator=st.sampled_from(";,\t|"),
    trailing=st.booleans(),
    blank_lines=st.booleans(),
    order=st.booleans(),
)
def test_the_dialect_of_an_office_file_is_found(
    tmp_path: Path,
    body: list[tuple[str, str, str]],
    encoding: str,
    separator: str,
    trailing: bool,
    blank_lines: bool,
    order: bool,
) -> None:
    header = ["Origine", "Bénéficiaire", "Poids"]
    text = written([header, *map(list, body)], separator)
    if trailing:
        text = text.replace("\r\n", separator + "\r\n")
    if blank_lines:
        text = text.replace("\r\n", "\r\n\r\n") + separator * 2 + "\r\n"
    if order:
        text = f"sep={separator}\r\n{text}"
    table = read_text_table(save(tmp_path, text, encoding))
    assert list(table.columns) == header
    assert [tuple(row) for row in table.values.tolist()] == body
    assert table.attrs["dialect"].separator == separator


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_table_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        columns = list(read_text_table(path).columns)
    except TableError as error:
        columns = [str(error)]
    assert columns


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.tuples(st.sampled_from(["été", "forêt", "Orléans", "ça"]), st.booleans()), min_size=1))
def test_lines_of_two_encodings_glued_together_are_all_read(tmp_path: Path, lines: list[tuple[str, bool]]) -> None:
    path = tmp_path / "glued.csv"
    body = b"".join(f"{word};1\n".encode("cp1252" if old else "utf-8") for word, old in lines)
    path.write_bytes("\ufeffmot;nombre\n".encode() + body)
    assert read_text_table(path)["mot"].to_list() == [word for word, _ in lines]


def test_a_bom_before_cp1252_text_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "acteur;siège\nTours;Orléans\n".encode("cp1252"))
    assert read_text_table(path).loc[2].to_dict() == {"acteur": "Tours", "siège": "Orléans"}


def test_cp1252_letters_that_happen_to_be_utf8_stay_letters_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("a;b\nÉœ;1\nforêt;2\n".encode("cp1252"))
    assert read_text_table(path)["a"].to_list() == ["Éœ", "forêt"]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_text_table(path)["a"].to_list() == ["Éœ", "forêt"]


def test_decomposed_accents_of_a_mac_are_composed(tmp_path: Path) -> None:
    path = save(tmp_path, "acteur;ville\nCollège;Orléans\n".replace("é", "e\u0301").replace("è", "e\u0300"))
    assert read_text_table(path).loc[2].to_list() == ["Collège", "Orléans"]


def test_codes_keep_their_zeros_and_nothing_is_typed(tmp_path: Path) -> None:
    table = read_text_table(save(tmp_path, "insee;siren;poids\n01004;012345678;1,50\n2A004;;NA\n"))
    assert table.loc[2].to_list() == ["01004", "012345678", "1,50"]
    assert table["insee"].to_list() == ["01004", "2A004"]
    assert pd.isna(table.loc[3, "siren"])


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = 'a;b\n\n"deux\nlignes";x\n;\ny;z\n'
    assert read_text_table(save(tmp_path, text)).index.to_list() == [3, 5]


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    table = read_text_table(save(tmp_path, "Liens du territoire, 2020;;\n\nsource;cible;poids\nA;B;1,5\nC;D;2,5\n"))
    assert list(table.columns) == ["source", "cible", "poids"]
    assert table.index.to_list() == [4, 5]


def test_semicolons_in_a_cell_do_not_cut_a_table_of_commas(tmp_path: Path) -> None:
    text = "evidence,producer,licence\nE1,Ville,Faits recopiés ; droits réservés\n"
    assert read_text_table(save(tmp_path, text)).attrs["dialect"] == Dialect(encoding="utf-8", separator=",")


def test_commas_in_headers_do_not_cut_a_table_of_semicolons() -> None:
    assert find_separator("Nom, prénom, fonction;Organisme\nMaire, élu, bénévole;Tours\n") == ";"


def test_one_column_is_a_table(tmp_path: Path) -> None:
    assert read_text_table(save(tmp_path, "acteur\nTours\nOrléans\n"))["acteur"].to_list() == ["Tours", "Orléans"]


def test_a_short_row_is_completed_with_missing_cells(tmp_path: Path) -> None:
    table = read_text_table(save(tmp_path, "a;b;c\n1;2\n"))
    assert table.isna().loc[2].to_list() == [False, False, True]


def test_c1_controls_become_the_punctuation_they_were(tmp_path: Path) -> None:
    path = save(tmp_path, "nom;ville\nL\x92agence;X\n", "utf-8")
    assert read_text_table(path).loc[2, "nom"] == "L’agence"


def test_a_column_that_only_numbers_the_rows_is_dropped(tmp_path: Path) -> None:
    assert list(read_text_table(save(tmp_path, ",a,b\n0,x,y\n1,z,t\n")).columns) == ["a", "b"]
    with pytest.raises(TableError, match="column 1 has values but no name"):
        read_text_table(save(tmp_path, ",a,b\n7,x,y\n1,z,t\n"))


def test_the_end_mark_of_an_old_editor_is_dropped(tmp_path: Path) -> None:
    assert read_text_table(save(tmp_path, "a;b\n1;2\n\x1a")).values.tolist() == [["1", "2"]]


def test_the_ligature_and_the_euro_of_latin9_are_read(tmp_path: Path) -> None:
    table = read_text_table(save(tmp_path, "nom;montant\nCœur d'Hérault;12 €\n", "iso-8859-15"))
    assert table.loc[2].to_list() == ["Cœur d'Hérault", "12 €"]
    assert table.attrs["dialect"].encoding == "iso-8859-15"


def test_gzip_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress("a;é\n1;2\n".encode("cp1252")))
    assert list(read_text_table(path).columns) == ["a", "é"]


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp1252"])
def test_old_encodings_are_known_by_the_words_they_make(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("acteur;ville\nMairie déléguée;Orléans\n".encode(encoding))
    table = read_text_table(path)
    assert table.loc[2].tolist() == ["Mairie déléguée", "Orléans"]
    assert table.attrs["dialect"].encoding == encoding


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n ;;\r\n", "is empty"),
        (b"PK\x03\x04rest", "read_workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"a;b\n\x00\x01\x02;\x00\x00\n", "binary file"),
        (b"%PDF-1.4 ...", "PDF"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b'[{"a": 1}]', "JSON"),
        (b"a;b\nx;1;2\ny;1;2\n", r"rows 2, 3\b.*|more cells than the 2 names"),
        (b"a;a\n1;2\n", "two columns are named 'a'"),
        (b"a;;c\n1;2;3\n", "column 2 has values but no name: row 2"),
        (b'a;b\n"x;1\ny;2\n', "quotation mark opened in row 2 is never closed"),
        (b"acteur;ville\nTours;\x90\x81\n", "line 2: byte 0x90 is not cp1252"),
        (b"acteur;ville\nTours;Orl\x8dans, Orl\x8aans, Orl\x82ans\n", "not cp1252|mac_roman"),
    ],
)
def test_what_is_no_table_is_a_clear_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        read_text_table(path)


def test_all_problems_of_a_header_come_at_once(tmp_path: Path) -> None:
    path = save(tmp_path, "a;a;;d\n1;2;3;4;5\n")
    with pytest.raises(TableError) as caught:
        read_text_table(path)
    assert len(caught.value.problems) == 3


def test_a_directory_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="is a directory"):
        read_text_table(tmp_path)
    save(tmp_path, "a;b\n1;2\n", name="liens.csv")
    with pytest.raises(TableError, match=r"no file .*lien\.csv.*Did you mean 'liens\.csv'\? In this folder"):
        read_text_table(tmp_path / "lien.csv")


def test_an_encoding_that_is_told_is_believed_or_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "acteur;ville\nTours;Orléans\n", "mac_roman")
    assert read_text_table(path, encoding="mac_roman").loc[2, "ville"] == "Orléans"
    with pytest.raises(TableError, match="line 2: byte 0x8e is not utf-8"):
        read_text_table(path, encoding="utf-8")
    with pytest.raises(TableError, match="no encoding named 'utf9'"):
        read_text_table(path, encoding="utf9")
    utf8 = save(tmp_path, "acteur;ville\nTours;Orléans\n", name="utf8.csv")
    with pytest.raises(TableError, match="is UTF-8, not cp1252"):
        read_text_table(utf8, encoding="cp1252")
    with pytest.raises(TableError, match="a separator is one character"):
        read_text_table(utf8, separator=";;")


@given(number=st.decimals(-1_000_000, 1_000_000, places=2))
def test_a_number_is_read_back_from_every_french_way_to_write_it(number: object) -> None:
    plain = f"{number:.2f}"
    grouped = f"{number:,.2f}".replace(",", "\u202f").replace(".", ",")
    for text in (plain, plain.replace(".", ","), grouped, grouped.replace("\u202f", "\xa0") + " €", f" {plain} "):
        assert parse_number(text) == pytest.approx(float(plain))


@pytest.mark.parametrize("text", ["", "abc", "1 2", "15 000- 89 999,99", "12 %", "1,2,3.4.5", "--2", "1e", "€"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        parse_number(text)


@given(text=st.text("aéÉ çœ'’-_/.()", max_size=15))
def test_a_key_of_a_key_is_itself(text: str) -> None:
    assert plain_key(plain_key(text)) == plain_key(text) == plain_key(text.upper().casefold())


def twice(text: str) -> bytes:
    """Encode a text in UTF-8, as someone who took it for latin-1 did before."""
    return text.encode().decode("latin-1").encode()


def test_a_text_encoded_twice_is_read_once(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(twice("nom;N° de tél\nÉcole à l’Œuvre;1\nÀ vélo;2\n"))
    table = read_text_table(path)
    assert table.columns.tolist() == ["nom", "N° de tél"]
    assert table["nom"].tolist() == ["École à l’Œuvre", "À vélo"]
    assert table.attrs["dialect"].encoding == "utf-8 twice"


def test_one_line_encoded_twice_leaves_the_others(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes("nom;ville\nÉcole;Orléans\nÀ vélo;Tours\n".encode() + twice("Thé;Blois\n"))
    table = read_text_table(path)
    assert table["nom"].tolist() == ["École", "À vélo", "Thé"]
    assert table.attrs["dialect"].encoding == "utf-8 twice"


def test_letters_pasted_wrong_into_a_right_line_are_left_as_they_are(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes("nom;ville\nÉcole Ã©tÃ©;Orléans\n".encode())
    table = read_text_table(path)
    assert table.loc[2].tolist() == ["École Ã©tÃ©", "Orléans"]
    assert table.attrs["dialect"].encoding == "utf-8"
