"""Files as they arrive when a download, an export or an archive went wrong: read right, or refused with the repair."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile

import openpyxl
import pytest

from reseau_territorial import TableError, read_workbook
from reseau_territorial.opendata import read_contracts, read_grants

HEADER = ["nomAttribuant", "idAttribuant", "dateConvention", "nomBeneficiaire", "montant", "nature"]
ROWS = [
    ["Ville de Loches", "21370132900011", "2019-02-03", f"Association d’été {rank}", 100.5 + rank, "numéraire"]
    for rank in range(3)
]
EUROS = 304.5
CSV = "\n".join(";".join(map(str, row)) for row in [HEADER, *ROWS]) + "\n"
RECORDS = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
JSON = json.dumps(RECORDS, ensure_ascii=False)
LINES = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS)
CONTRACTS = [
    {
        "id": f"2019-{rank}",
        "acheteur": {"id": "21370261600011", "nom": "Tours"},
        "montant": 90000 + rank,
        "objet": "École d’été",
        "dateNotification": "2019-02-01",
        "titulaires": [{"typeIdentifiant": "SIRET", "id": "62722004900654", "denominationSociale": "Hervé"}],
    }
    for rank in range(2)
]
DECP = json.dumps({"marches": CONTRACTS}, ensure_ascii=False)
DECP_LINES = "".join(json.dumps(contract, ensure_ascii=False) + "\n" for contract in CONTRACTS)
DECP_XML = (
    "<marches>"
    + "".join(
        f"<marche><id>{one['id']}</id><acheteur><id>21370261600011</id><nom>Tours</nom></acheteur>"
        f"<montant>{one['montant']}</montant><dateNotification>2019-02-01</dateNotification><titulaires><titulaire>"
        "<typeIdentifiant>SIRET</typeIdentifiant><id>62722004900654</id><denominationSociale>Hervé"
        "</denominationSociale></titulaire></titulaires></marche>"
        for one in CONTRACTS
    )
    + "</marches>"
)
PAGE = "<!DOCTYPE html>\n<html lang='fr'><head><title>503 Service indisponible</title></head><body>…</body></html>"
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook():
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def archive(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in members.items():
            packed.writestr(name.replace("_", "."), content)
    return stream.getvalue()


def with_password():
    """An Office file with a password: a compound file that holds the encrypted package."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF

    def entry(name, kind, child=free, right=free, start=end, size=0):
        text = (name + "\0").encode("utf-16-le")
        form = "<64sHBBIII16sIQQIQ"
        return struct.pack(form, text, len(text), kind, 1, free, right, child, b"", 0, 0, 0, start, size)

    magic, sizes = bytes.fromhex("d0cf11e0a1b11ae1"), (0x3E, 3, 0xFFFE, 9, 6)
    header = struct.pack("<8s16s5H6s10I", magic, b"", *sizes, b"", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    chains = [0xFFFFFFFD, end, *range(3, 10), end, *range(11, 18), end]
    directory = (
        entry("Root Entry", 5, child=1)
        + entry("EncryptionInfo", 2, right=2, start=2, size=4096)
        + entry("EncryptedPackage", 2, start=10, size=4096)
        + entry("", 0)
    )
    first_sectors = struct.pack("<109I", *[0, *[free] * 108])
    table = struct.pack("<128I", *chains, *[free] * (128 - len(chains)))
    return header + first_sectors + table + directory + bytes(8192)


@pytest.mark.parametrize("encoding", [*UNICODE, "cp1252"])
@pytest.mark.parametrize("text", [CSV, JSON, LINES], ids=["csv", "json", "json lines"])
def test_grants_in_every_encoding(tmp_path, text, encoding):
    path = write(tmp_path / "subventions.txt", text.encode(encoding))
    net, report = read_grants(path)
    assert (report.euros, len(net.ties)) == (EUROS, 3)
    assert "Association d’été 2" in set(net.actors["name"])


@pytest.mark.parametrize("encoding", [*UNICODE, "cp1252"])
@pytest.mark.parametrize("text", [DECP, DECP_LINES], ids=["json", "json lines"])
def test_contracts_in_every_encoding(tmp_path, text, encoding):
    net, report = read_contracts(write(tmp_path / "decp.json", text.encode(encoding)))
    assert report.euros == 180001
    assert set(net.actors["name"]) == {"Tours", "Hervé"}
    assert set(net.ties["object"]) == {"École d’été"}


@pytest.mark.parametrize("encoding", UNICODE)
def test_xml_in_every_encoding(tmp_path, encoding):
    declared = f"<?xml version='1.0' encoding='{encoding.removesuffix('-sig')}'?>\n{DECP_XML}"
    net, report = read_contracts(write(tmp_path / "decp.xml", declared.encode(encoding)))
    assert report.euros == 180001
    assert set(net.actors["name"]) == {"Tours", "Hervé"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.csv.gz", gzip.compress(CSV.encode())),
        ("s.json.gz", gzip.compress(JSON.encode("utf-16"))),
        ("s.xlsx.gz", gzip.compress(workbook())),
        ("s.zip", archive(a_csv=CSV)),
        ("s.zip", archive(a_csv_gz=gzip.compress(CSV.encode()))),
        ("s.zip", archive(a_xlsx=workbook(), notice_txt="Lisez-moi", plan_pdf="%PDF")),
        ("s.zip", archive(a_jsonl=LINES)),
    ],
)
def test_packed_files(tmp_path, name, content):
    assert read_grants(write(tmp_path / name, content)).report.euros == EUROS


def test_an_archive_of_several_formats_is_read_whole(tmp_path):
    other_years = [CSV, JSON.replace("2019-", "2020-"), LINES.replace("2019-", "2021-")]
    members = dict(zip(("a_csv", "b_json", "c_jsonl"), other_years, strict=True))
    report = read_grants(write(tmp_path / "s.zip", archive(**members, d_xlsx=workbook()))).report
    assert report.files["file"].tolist() == ["a.csv", "b.json", "c.jsonl", "d.xlsx"]
    assert report.euros == 3 * EUROS  # the workbook repeats the first file
    assert report.count("counted_twice", "repeated_file") == 3


DAMAGED = {
    "empty": ("s.csv", b"", r"s\.csv is empty.*Export it again"),
    "a mark and nothing": ("s.csv", b"\xef\xbb\xbf", r"s\.csv is empty.*Export it again"),
    "nothing packed": ("s.csv.gz", gzip.compress(b""), r"s\.csv\.gz is empty.*Export it again"),
    "page": ("s.csv", PAGE, r"s\.csv is a web page \('503 Service indisponible'\), not data: download the file itself"),
    "page of old": ("s.xls", "\n <HTML><BODY><TABLE>", r"s\.xls is a web page, not data.*saved as \.xlsx"),
    "table of a page": ("s.xls", "<table border=1>\n<tr><td>Montant</td></tr></table>", r"s\.xls is a web page"),
    "page in utf-16": ("s.json", PAGE.encode("utf-16"), r"s\.json is a web page"),
    "page in a zip": ("s.zip", archive(a_csv=PAGE), r"a\.csv is a web page"),
    "page among tables": ("s.zip", archive(a_csv=PAGE, b_csv=CSV), r"a\.csv is a web page"),
    "cut gzip": ("s.csv.gz", gzip.compress((CSV * 99).encode())[:-40], r"s\.csv\.gz cannot be read.*download it again"),
    "cut zip": ("s.zip", archive(a_csv=CSV, b_csv=CSV)[:-30], r"s\.zip cannot be read.*download it again"),
    "cut workbook": ("s.xlsx", workbook()[:-100], r"s\.xlsx cannot be read.*download it again"),
    "cut json": ("s.json", JSON[:-20], r"s\.json, line 1, column \d+: this is not JSON.*Download it again"),
    "cut lines": ("s.jsonl", LINES[:-20], r"s\.jsonl, line 3, column \d+: this is not JSON.*Download it again"),
    "no record": ("s.jsonl", LINES + "[1]\n", r"s\.jsonl, line 4: a record such as"),
    "cut xml": ("s.xml", DECP_XML[:-20], r"s\.xml, line 1, column \d+: this is not XML"),
    "cut utf-16": ("s.json", JSON.encode("utf-16")[:-1], r"s\.json is not whole utf-16 text"),
    "zip in a zip": ("s.zip", archive(a_zip=archive(a_csv=CSV, b_csv=CSV)), r"s\.zip holds another archive.*unzip it"),
    "empty zip": ("s.zip", archive(), r"s\.zip is an archive without any file"),
    "password": ("s.xlsx", with_password(), r"s\.xlsx has a password: open it and save it without one"),
}


@pytest.mark.parametrize("reader", [read_grants, read_contracts])
@pytest.mark.parametrize("case", DAMAGED)
def test_what_cannot_be_read_is_refused_with_the_repair(tmp_path, case, reader):
    name, content, message = DAMAGED[case]
    with pytest.raises(TableError, match=message):
        reader(write(tmp_path / name, content))


def test_the_reader_of_workbooks_knows_a_password_too(tmp_path):
    with pytest.raises(TableError, match=r"s\.xlsx has a password: open it and save it without one"):
        read_workbook(write(tmp_path / "s.xlsx", with_password()))


def test_a_zip_with_a_password_is_refused(tmp_path):
    content = bytearray(archive(a_csv=CSV))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + flags] |= 1  # the bit that says that a member is encrypted
    with pytest.raises(TableError, match=r"s\.zip/a\.csv has a password"):
        read_grants(write(tmp_path / "s.zip", bytes(content)))


def test_a_damaged_member_of_a_zip_is_refused(tmp_path):
    content = archive(a_csv=CSV).replace(b"numeraire", b"numerique").replace("numéraire".encode(), b"numeraires")
    with pytest.raises(TableError, match=r"s\.zip/a\.csv cannot be read: Bad CRC-32.*download it again"):
        read_grants(write(tmp_path / "s.zip", content))


@pytest.mark.parametrize("lost", [len("ue\n"), len(";numéraire\n") + 1, len("5;numéraire\n") + 2])
def test_a_last_line_that_was_cut_gives_no_amount(tmp_path, lost):
    """An amount of which the end is missing is another amount."""
    report = read_grants(write(tmp_path / "s.csv", CSV[:-lost])).report
    if lost > len("numéraire\n"):
        assert report.euros == sum(row[4] for row in ROWS[:2])
        found = report.findings[report.findings["reason"] == "cut_short"]
        assert found[["line", "column"]].values.tolist() == [[4, "montant"]]
    else:
        assert report.euros == EUROS


def test_a_last_line_without_end_is_read(tmp_path):
    assert read_grants(write(tmp_path / "s.csv", CSV.removesuffix("\n"))).report.euros == EUROS
