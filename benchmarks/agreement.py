"""Do the libraries that are timed side by side find the same numbers? On networks that all of them finish at once."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cases import CASES
from environment import python_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
LIMIT = 120.0
PER_ACTOR = {"betweenness", "closeness", "constraint", "effective_size", "multilayer"}
OTHERWISE = {"py3plex", "uunet"}  # what they return of several layers is not one number per actor


@dataclass(frozen=True)
class Agreement:
    """How far the values of a peer are from ours, once in proportion.

    Attributes
    ----------
    factor : float
        What the values of the peer add up to, over ours: its convention (pairs counted twice, no division by n - 1).
        NaN when it gave none.
    difference : float
        The largest difference once divided by the factor, over our largest value.
    missing : int
        Actors for whom the peer gives no number, where we give one.
    """

    case: str
    peer: str
    factor: float
    difference: float
    missing: int


def compare() -> list[Agreement]:
    """Ask every peer for its values on a small network of the kind of each case, and compare them with ours."""
    import networks

    pairs = {(case.case, peer): case.network for case in CASES if case.case in PER_ACTOR for peer in case.peers}
    ours: dict[str, NDArray[np.float64]] = {}
    found: list[Agreement] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.npz" for name in ("small", "small_layers")}
        for name, path in paths.items():
            np.savez(path, **networks.NETWORKS[name]())
        for (case, peer), network in pairs.items():
            if peer in OTHERWISE:
                continue
            path = paths["small_layers" if network == "layers" else "small"]
            if case not in ours:
                ours[case] = values("ours", case, path)
            found.append(judged(case, peer, ours[case], values(peer, case, path)))
            print(f"agreement: {found[-1]}", flush=True)
    return found


def judged(case: str, peer: str, ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> Agreement:
    both = np.isfinite(theirs) & np.isfinite(ours)
    if not both.any():
        return Agreement(case, peer, float("nan"), float("nan"), len(ours))
    factor = float(theirs[both].sum() / ours[both].sum())
    difference = float(np.abs(theirs / factor - ours)[both].max() / np.abs(ours[both]).max())
    return Agreement(case, peer, factor, difference, int((np.isfinite(ours) & ~both).sum()))


def values(library: str, case: str, path: Path) -> NDArray[np.float64]:
    command = [str(python_of(library)), str(HERE / "values.py"), library, case, str(path)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    if finished.returncode:
        return np.full(1, np.nan)
    return np.array(json.loads(finished.stdout.strip().splitlines()[-1]))
