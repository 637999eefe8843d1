"""Networks on disk: a Frictionless Data Package, the convention of French open data.

A zip (or a folder) holds ``datapackage.json`` and one UTF-8 CSV per table. The description of each
column says how to read it back to the very value that was saved.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pandas as pd

from reseau_territorial._files import write_atomically
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.tables import TABLES

__all__ = ["read", "write"]

DESCRIPTION: Final = "datapackage.json"
# Zip members carry a date: a fixed one makes the same network give the same bytes.
MEMBER_DATE: Final = (1980, 1, 1, 0, 0, 0)
_FLAGS: Final = {"true": True, "false": False}


def write(path: str | os.PathLike[str], tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write tables as a zipped data package, whole or not at all."""
    place = Path(path)
    if place.suffix.lower() != ".zip":
        raise ReseauError(f"cannot save a network as {place.name!r}: give a name that ends with '.zip'.")
    flat = {name: frame.reset_index() if TABLES[name].key else frame for name, frame in tables.items()}
    kept = {name: frame for name, frame in flat.items() if len(frame) or name in ("ties", "actors")}
    package = {
        "profile": "tabular-data-package",
        "name": "reseau-territorial",
        "resources": [_resource(name, frame) for name, frame in kept.items()],
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        members = {DESCRIPTION: json.dumps(package, ensure_ascii=False, indent=1)}
        members |= {f"{name}.csv": _csv(frame) for name, frame in kept.items()}
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name, MEMBER_DATE), text.encode(), zipfile.ZIP_DEFLATED)
    return write_atomically(place, buffer.getvalue())


def read(path: str | os.PathLike[str]) -> dict[str, pd.DataFrame]:
    """Read the tables of a data package from a zip, a folder or its description."""
    place = Path(path)
    if not place.exists():
        raise ReseauError(f"no file {str(place)!r}. Check the name and the folder.")
    if place.suffix.lower() == ".zip":
        return _read_zip(place)
    folder = place if place.is_dir() else place.parent
    if not (folder / DESCRIPTION).is_file() or (place.is_file() and place.name != DESCRIPTION):
        raise ReseauError(f"{str(place)!r} is not a data package: give a .zip, or a folder that holds {DESCRIPTION}.")
    members = {item.name: item.read_bytes() for item in folder.iterdir() if item.is_file()}
    return _tables(members, str(place))


def _read_zip(place: Path) -> dict[str, pd.DataFrame]:
    try:
        with zipfile.ZipFile(place) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError) as error:
        raise ReseauError(f"{str(place)!r} is not a readable zip: {error}. Save the network again.") from error
    return _tables(members, str(place))


def _tables(members: Mapping[str, bytes], where: str) -> dict[str, pd.DataFrame]:
    if DESCRIPTION not in members:
        raise ReseauError(f"{where!r} is not a data package: it holds no {DESCRIPTION}.")
    try:
        package = json.loads(members[DESCRIPTION].decode("utf-8-sig"))
        resources = package["resources"]
        tables = {}
        for resource in resources:
            name = resource["name"]
            if name not in TABLES:
                raise unknown_name("table of a network", name, TABLES)
            member = str(PurePosixPath(resource["path"]))
            if member not in members:
                raise ReseauError(f"{where!r} describes {member!r} but does not hold it.")
            tables[name] = _read_csv(members[member], resource.get("schema", {}).get("fields", []))
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ReseauError(f"the {DESCRIPTION} of {where!r} cannot be read: {error}.") from error
    return tables


def _resource(name: str, frame: pd.DataFrame) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(str(column), frame[column]) for column in frame.columns],
        "missingValues": [""],
    }
    if TABLES[name].key:
        schema["primaryKey"] = TABLES[name].key
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "encoding": "utf-8",
        "format": "csv",
        "schema": schema,
    }


def _field(name: str, values: pd.Series) -> dict[str, Any]:
    dtype = values.dtype
    field: dict[str, Any] = {"name": name, "type": "string"}
    if isinstance(dtype, pd.CategoricalDtype):
        field["pandasDtype"] = "category"
        field["categories"] = [str(category) for category in dtype.categories]
        field["categoriesOrdered"] = bool(dtype.ordered)
        return field
    if pd.api.types.is_bool_dtype(dtype):
        field["type"] = "boolean"
    elif pd.api.types.is_integer_dtype(dtype):
        field["type"] = "integer"
    elif pd.api.types.is_float_dtype(dtype):
        field["type"] = "number"
    elif pd.api.types.is_datetime64_any_dtype(dtype):
        field["type"] = "datetime"
    field["pandasDtype"] = str(dtype)
    return field


def _csv(frame: pd.DataFrame) -> str:
    written = frame.copy()
    for name in written.columns:
        values = written[name]
        if pd.api.types.is_bool_dtype(values.dtype):
            written[name] = values.map({flag: word for word, flag in _FLAGS.items()}).astype("str")
        elif pd.api.types.is_datetime64_any_dtype(values.dtype):
            written[name] = values.map(lambda value: value.isoformat(), na_action="ignore")
    return written.to_csv(index=False, lineterminator="\n")


def _read_csv(content: bytes, fields: list[dict[str, Any]]) -> pd.DataFrame:
    text = content.decode("utf-8-sig")
    frame = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_values=[""])
    declared = {field["name"]: field for field in fields}
    for name in frame.columns:
        frame[name] = _restored(frame[name], declared.get(name, {}))
    return frame


def _restored(values: pd.Series, field: Mapping[str, Any]) -> pd.Series:
    dtype: Any = field.get("pandasDtype")
    if dtype == "category":
        return values.astype(pd.CategoricalDtype(field["categories"], ordered=field["categoriesOrdered"]))
    # A column that was added by hand has no type: one of true and false only is taken at its word.
    undeclared = "boolean" if values.notna().any() and values.dropna().isin(_FLAGS).all() else "string"
    match field.get("type", undeclared):
        case "boolean":
            flags = values.map(_FLAGS).astype("boolean")
            return flags.astype("bool") if dtype == "bool" else flags
        case "integer" | "number" | "datetime":
            if field["type"] == "datetime":
                return pd.to_datetime(values, format="ISO8601").astype(dtype or "datetime64[ns]")
            if dtype is None:
                dtype = "Int64" if field["type"] == "integer" else "float64"
            if field["type"] == "number":
                return values.astype("object").map(float, na_action="ignore").astype(dtype)
            return values.astype("object").map(int, na_action="ignore").astype(dtype)
        case _:
            return values
