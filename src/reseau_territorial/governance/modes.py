"""The mode of governance of a network, and the reasons to say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from reseau_territorial._arguments import check_count, check_network, make_generator
from reseau_territorial.errors import ReseauError
from reseau_territorial.inference._resamples import Resampler
from reseau_territorial.inference.results import in_french
from reseau_territorial.network import Choice, Network
from reseau_territorial.nulls._unchecked import in_order_of_names
from reseau_territorial.vocabulary import SEED, check_lang

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["GovernanceReading", "governance_mode"]

Lang = Literal["fr", "en"]

MODES: Final[Mapping[str, tuple[str, str]]] = {
    "shared": ("gouvernance partagée", "shared governance"),
    "lead": ("organisation chef de file", "lead organisation"),
    "administrative": ("organisation administratrice du réseau", "network administrative organisation"),
    "mixed": ("entre gouvernance partagée et chef de file", "between shared governance and lead organisation"),
    "fragmented": ("réseau en morceaux", "network in pieces"),
}

# Where one mode ends and the next begins: shares, to be changed by the caller who has better ones.
THRESHOLDS: Final[Mapping[str, float]] = {"together": 0.5, "central": 0.5, "even": 0.3}


@dataclass(frozen=True, kw_only=True, eq=False)
class GovernanceReading:
    """A mode of governance, and why.

    Attributes
    ----------
    mode : str
        ``"shared"``, ``"lead"``, ``"administrative"``, ``"mixed"`` or ``"fragmented"``.
    leader, leader_name : str
        The actor with most partners (the first of them), and its name.
    measures : dict
        The numbers that the reading rests on.
    thresholds : dict
        The limits that were used.
    stability : dict
        Share of resampled networks read as each mode (empty if none were drawn).
    seed : int
        Seed of the draws.
    lang : {"fr", "en"}
        Language of the printed reading.
    """

    mode: str
    leader: str
    leader_name: str
    measures: Mapping[str, float]
    thresholds: Mapping[str, float]
    stability: Mapping[str, float] = field(default_factory=dict)
    seed: int
    lang: Lang = "fr"

    @property
    def label(self) -> str:
        """The mode in the language of the reading."""
        return MODES[self.mode][0 if self.lang == "fr" else 1]

    @property
    def reasons(self) -> list[str]:
        """The reasons, one sentence each."""
        return _reasons(self)

    def to_frame(self) -> pd.DataFrame:
        """Return the reading as one row."""
        row = {"mode": self.mode, "leader": self.leader, **self.measures, "stability": self.stability.get(self.mode)}
        return pd.DataFrame([row])

    def __str__(self) -> str:
        colon = "\u202f:" if self.lang == "fr" else ":"
        return f"{self.label.capitalize()}{colon} " + " ".join(self.reasons)


def governance_mode(
    net: Network,
    *,
    layer: Choice = None,
    period: Choice = None,
    administrator: str | None = None,
    thresholds: Mapping[str, float] | None = None,
    n_resamples: int = 99,
    seed: int = SEED,
    lang: Lang = "fr",
) -> GovernanceReading:
    """Read the mode of governance from the form of the network, with reasons.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    administrator : str, optional
        An actor set up to run the network. When missing, the actor with most partners is taken as one if the network
        says who answers needs and it answers none.
    thresholds : dict, optional
        ``together`` (0.5): below this share of actors in the largest piece, the network is in pieces; ``central``
        (0.5): from this centralisation on, one actor leads; ``even`` (0.3): up to this one, governance is shared.
    n_resamples : int, default 99
        Number of resampled networks for the stability of the reading; 0 leaves it out.
    seed : int
        Seed of the draws.
    lang : {"fr", "en"}
        Language of the reading.

    Returns
    -------
    GovernanceReading
        ``mode``, ``label``, ``reasons``, ``measures`` (density, degree centralization, share of actors in the largest
        piece, margin: how many more partners the leader has than the next, as a share of the next's), ``stability``.

    Raises
    ------
    ReseauError
        If fewer than three actors are present.

    Notes
    -----
    Provan and Kenis tell three modes apart: participants govern together (many ties, none central), a participant
    leads, or an organisation set up for it administers. Form is only a sign of how decisions are made: check it with
    those who make them. Ties count in both directions, weights do not. A star has a centralisation of 1; a ring, or
    all tied to all, 0.

    References
    ----------
    Provan & Kenis (2008). Modes of network governance: structure, management, and effectiveness. Journal of Public
    Administration Research and Theory 18(2), 229-252; Freeman (1978). Centrality in social networks. Social
    Networks 1, 215-239.

    Examples
    --------
    >>> star = Network(pd.DataFrame({"source": ["Tours"] * 4, "target": list("abcd")}))
    >>> governance_mode(star, n_resamples=0).mode
    'lead'
    """
    check_network(net)
    check_lang(lang)
    check_count("n_resamples", n_resamples, least=0, usual="99 is usual; 0 leaves the stability out.")
    chosen = in_order_of_names(net.select(layer=layer, period=period))
    if len(chosen) < 3:
        raise ReseauError(
            f"a mode of governance needs three actors or more; {len(chosen)} present. Widen the selection."
        )
    limits = {**THRESHOLDS, **(thresholds or {})}
    matrix = chosen._view(weight=None).undirected_binary
    measures = _form(matrix)
    leader = str(chosen.actors.index[int(np.diff(matrix.indptr).argmax())])
    administers = leader == administrator if administrator is not None else _answers_nothing(chosen, leader)
    return GovernanceReading(
        mode=_mode(measures, limits, administers=administers),
        leader=leader,
        leader_name=str(chosen.actors["name"].fillna(pd.Series(chosen.actors.index, chosen.actors.index))[leader]),
        measures=measures,
        thresholds=limits,
        stability=_stability(chosen, limits, administrator, n_resamples=n_resamples, seed=seed),
        seed=seed,
        lang=lang,
    )


def _form(matrix: csr_array) -> dict[str, float]:
    """Return what the reading rests on, from the ties of pairs (symmetric, binary)."""
    from scipy.sparse.csgraph import connected_components

    size = matrix.shape[0]
    partners = np.diff(matrix.indptr)
    first, second = np.sort(partners)[::-1][:2].tolist()
    _, piece = connected_components(matrix, directed=False)
    return {
        "density": float(matrix.nnz) / (size * (size - 1)),
        "centralization": float((first - partners).sum()) / ((size - 1) * (size - 2)),
        "largest_piece": float(np.bincount(piece).max()) / size,
        "margin": (first - second) / second if second else 0.0,
    }


def _mode(measures: Mapping[str, float], limits: Mapping[str, float], *, administers: bool) -> str:
    if measures["largest_piece"] < limits["together"]:
        return "fragmented"
    if measures["centralization"] >= limits["central"]:
        return "administrative" if administers else "lead"
    return "shared" if measures["centralization"] <= limits["even"] else "mixed"


def _answers_nothing(net: Network, actor: str) -> bool:
    provision = net.provision
    return len(provision) > 0 and actor not in set(provision["actor"])


def _stability(
    net: Network, limits: Mapping[str, float], administrator: str | None, *, n_resamples: int, seed: int
) -> dict[str, float]:
    """Return how often each mode is read when actors are resampled."""
    rng = make_generator(seed)
    make = Resampler(net)
    names = net.actors.index
    found = []
    for _ in range(n_resamples):
        drawn = rng.integers(0, len(net), size=len(net))
        matrix = make.view(drawn, rng).undirected_binary
        measures = _form(matrix)
        original = str(names[drawn[np.diff(matrix.indptr).argmax()]])
        administers = original == administrator if administrator is not None else _answers_nothing(net, original)
        found.append(_mode(measures, limits, administers=administers))
    counts = pd.Series(found, dtype="str").value_counts()
    return {str(mode): count / n_resamples for mode, count in counts.items()}


def _reasons(reading: GovernanceReading) -> list[str]:
    values, limits = reading.measures, reading.thresholds
    share = 100 * values["largest_piece"]
    together = 100 * reading.stability.get(reading.mode, 0.0)
    if reading.lang == "en":
        reasons = [
            f"Centralisation is {values['centralization']:.2f} (shared up to {limits['even']:g}, led from "
            f"{limits['central']:g}).",
            f"{reading.leader_name} has most partners, {100 * values['margin']:.0f}% more than the next.",
            f"{share:.0f}% of actors are in one piece; density is {values['density']:.2f}.",
        ]
        if reading.stability:
            reasons.append(f"The reading is the same in {together:.0f}% of resampled networks.")
        return reasons
    reasons = [
        f"La centralisation est de {in_french(values['centralization'], 2)} (partagée jusqu’à "
        f"{in_french(limits['even'], 2)}, menée par un seul à partir de {in_french(limits['central'], 2)}).",
        f"{reading.leader_name} a le plus de partenaires, {100 * values['margin']:.0f}\u00a0% de plus que le suivant.",
        f"{share:.0f}\u00a0% des acteurs forment un seul ensemble\u202f; la densité est de "
        f"{in_french(values['density'], 2)}.",
    ]
    if reading.stability:
        reasons.append(f"La lecture est la même dans {together:.0f}\u00a0% des réseaux rééchantillonnés.")
    return reasons
