"""Synthetic networks for maps: territories as blocks, nine kinds, four layers; and texts that try to run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reseau_territorial import Network

KINDS = {
    "commune": ("Commune", 0.34, "public"),
    "association": ("Association", 0.28, "civil"),
    "company": ("Entreprise", 0.18, "private"),
    "epci": ("CC", 0.05, "public"),
    "citizens": ("Citoyens", 0.05, "civil"),
    "prefecture": ("Préfecture", 0.03, "public"),
    "operator": ("Opérateur", 0.03, "public"),
    "departement": ("Département", 0.02, "public"),
    "region": ("Région", 0.02, "public"),
}
LAYERS = ["agreement", "pooling", "information", "grant"]
PERIODS = ["before", "crisis", "after"]


def blocks(n: int, *, territories: int | None = None, periods: bool = False, seed: int = 1) -> Network:
    """Return `n` actors with three ties each, nine in ten inside a territory."""
    rng = np.random.default_rng(seed)
    groups = territories or max(5, min(24, n // 12))
    names = list(KINDS)
    kind = rng.choice(names, n, p=[KINDS[name][1] for name in names])
    group = rng.integers(0, groups, n)
    actors = pd.DataFrame(
        {
            "actor": [f"a{i}" for i in range(n)],
            "name": [f"{KINDS[k][0]} {i}" for i, k in enumerate(kind)],
            "kind": kind,
            "sector": [KINDS[k][2] for k in kind],
            "territory": [f"CC du Val {g}" for g in group],
        }
    )
    order = np.argsort(group, kind="stable")
    start = np.searchsorted(group[order], np.arange(groups + 1))
    source = rng.integers(0, n, 3 * n)
    home = group[source]
    inside = order[(start[home] + rng.random(3 * n) * (start[home + 1] - start[home])).astype(int)]
    target = np.where(rng.random(3 * n) < 0.9, inside, rng.integers(0, n, 3 * n))
    kept = source != target
    ties = pd.DataFrame(
        {
            "source": [f"a{i}" for i in source[kept]],
            "target": [f"a{i}" for i in target[kept]],
            "layer": rng.choice(LAYERS, kept.sum()),
        }
    )
    if periods:
        ties["period"] = rng.choice(PERIODS, kept.sum())
    return Network(ties, actors=actors)


def small() -> Network:
    """Return six actors, two layers, three periods, every status, parallel ties and a source."""
    ties = pd.DataFrame(
        [
            ("tours", "metropole", "membership", "before", 1.0, 4, "present", "s1"),
            ("tours", "metropole", "membership", "crisis", 1.0, 4, "present", "s1"),
            ("tours", "metropole", "masks", "crisis", 5.0, 2, "present", "s1"),
            ("tours", "metropole", "masks", "crisis", 2.0, 2, "present", "s1"),
            ("tours", "prefecture", "masks", "crisis", 1.0, 1, "present", "s1"),
            ("prefecture", "atelier", "masks", "before", 3.0, 3, "present", "s1"),
            ("atelier", "couture", "masks", "crisis", 1.0, 2, "present", "s1"),
            ("couture", "metropole", "masks", "after", 1.0, 1, "unknown", "s1"),
            ("couture", "ecole", "masks", "after", 0.0, 0, "absent", "s1"),
        ],
        columns=["source", "target", "layer", "period", "weight", "level", "status", "evidence"],
    )
    actors = pd.DataFrame(
        {
            "actor": ["tours", "metropole", "prefecture", "atelier", "couture", "ecole"],
            "name": ["Ville de Tours", "Métropole", "Préfecture d’Indre-et-Loire", "Atelier B", "Couturières", "École"],
            "kind": ["commune", "epci", "prefecture", "company", "association", "school"],
            "sector": ["public", "public", "public", "private", "civil", "public"],
            "territory": ["Tours", "Tours", "Tours", "Amboise", "Amboise", "Amboise"],
        }
    )
    layers = pd.DataFrame({"layer": ["membership", "masks"], "directed": [False, True]})
    sources = pd.DataFrame(
        {
            "evidence": ["s1"],
            "producer": ["Info Tours"],
            "title": ["Masques"],
            "date": ["2020-04-02"],
            "licence": ["MIT"],
        }
    )
    return Network(ties, actors=actors, layers=layers, sources=sources)


ATTACKS = [
    "</script><script>window.__xss=1</script>",
    '"><img src=x onerror="window.__xss=2">',
    "javascript:window.__xss=3",
    "{{7*7}}${window.__xss=4}",
    "ligne\u2028window.__xss=5\u2029fin",
    "</title><svg onload=window.__xss=6>",
    "]]></desc><script>window.__xss=7</script>",
    "=cmd|' /C calc'!A0",
    "<!--<script>",
    "\u202egnp.exe\u2066<b>",
    "🏛️ 👩‍👩‍👧 地方政府 مرحبا",
    f"Syndicat {'très long ' * 30}",
    "'\"`\\' onfocus=window.__xss=8 autofocus='",
]


def hostile() -> Network:
    """Return a network whose every text tries to run."""
    names = [f"{attack} {i}" for i, attack in enumerate(ATTACKS)]
    n = len(names)
    turn = [names[(i + 1) % n] for i in range(n)]
    actors = pd.DataFrame(
        {
            "actor": names,
            "name": names,
            "kind": ATTACKS,
            "sector": ATTACKS,
            "territory": [ATTACKS[i % 3] for i in range(n)],
            "parent": [None, *names[:-1]],
            "rule": ATTACKS,
            "remark": ATTACKS,
            ATTACKS[0]: np.arange(n, dtype=float),
        }
    )
    ties = pd.DataFrame(
        {
            "source": names,
            "target": turn,
            "layer": ATTACKS,
            "period": [ATTACKS[i % 4] for i in range(n)],
            "need": ATTACKS,
            "date": ATTACKS,
            "evidence": names,
            "comment": ATTACKS,
        }
    )
    provision = pd.DataFrame({"actor": names, "need": ATTACKS, "territory": ATTACKS, "evidence": names})
    layers = pd.DataFrame({"layer": ATTACKS, "label": ATTACKS, "unit": ATTACKS, "directed": [False] * n})
    sources = pd.DataFrame({"evidence": names, "producer": names, "title": names, "licence": names, "url": names})
    return Network(ties, actors=actors, layers=layers, sources=sources, provision=provision)


# Texts that break files rather than pages: formulas, letters unknown to XML, marks that turn a line, lengths, doubles.
AWKWARD = [
    *("=1+1", "+33 1", "-2", "@SUM(A1)", "\t=1", " =cmd|x", "'=1", "＝1+1", 'a;b"c\nd', "\r\n=ligne"),
    *("a\x00b\x08c\x1bd", "x\ufffe\uffffy", "demi", "\u202eevil", "مرحبا بكم", "nel\u0085nel", "École 🏛️"),
    *("</script>", "]]>&amp;<b>", "z" * 500, "\u200b", "Même nom", "Même nom", "$x^2$", "\\(paren)\\", "%PDF %%EOF"),
]


def awkward() -> Network:
    """Return a network whose every text breaks a file that is not written with care."""
    n = len(AWKWARD)
    keys = [f"k{i}" for i in range(n)]
    turned = [AWKWARD[-i] for i in range(n)]
    actors = pd.DataFrame({"actor": keys, "name": AWKWARD, "kind": turned, "sector": (AWKWARD[:5] * n)[:n]})
    actors["territory"] = (AWKWARD[5:14] * n)[:n]
    actors["=métrique"] = np.linspace(-1.5, 1e-7, n)
    ties = pd.DataFrame({"source": keys, "target": [*keys[1:], keys[0]], "layer": (AWKWARD[:12] * n)[:n]})
    ties["period"] = (AWKWARD[9:13] * n)[:n]
    ties["evidence"] = [f"e{i}" for i in range(n)]
    ties["weight"] = np.linspace(0.001, 12_345.5, n)
    sources = pd.DataFrame({"evidence": ties["evidence"], "producer": AWKWARD, "title": turned, "licence": AWKWARD})
    return Network(ties, actors=actors, sources=sources)


def around(register: Network, n: int, *, seed: int = 59) -> Network:
    """Return `n` actors: those of a register of communes and EPCI, and associations and companies around the communes.

    Their number follows the population of the commune; nine in ten have a grant of it, one in three of its EPCI, and
    one in four works with another of the département.
    """
    rng = np.random.default_rng(seed)
    communes = register.actors[register.actors["kind"] == "commune"]
    share = communes["population"].fillna(0).to_numpy(dtype=float) + 100.0
    home = communes.iloc[np.sort(rng.choice(len(communes), n - len(register), p=share / share.sum()))]
    kind = rng.choice(["association", "company"], len(home), p=[0.7, 0.3])
    word = {"association": "Association", "company": "Entreprise"}
    added = pd.DataFrame(
        {
            "actor": [f"n{i}" for i in range(len(home))],
            "name": [f"{word[k]} {i} de {place}" for i, (k, place) in enumerate(zip(kind, home["name"], strict=True))],
            "kind": kind,
            "sector": np.where(kind == "company", "private", "civil"),
            **{column: home[column].to_numpy() for column in ("territory", "epci", "departement", "region")},
        }
    )
    one, two, three = (rng.random(len(home)) < share for share in (0.9, 0.33, 0.25))
    held = register.actors.index
    epci = home["epci"].astype(str).to_numpy()
    two &= np.isin(epci, held)
    parts = [
        pd.DataFrame({"source": home.index[one], "target": added["actor"][one], "layer": "grant"}),
        pd.DataFrame({"source": epci[two], "target": added["actor"][two], "layer": "contract"}),
        pd.DataFrame(
            {"source": rng.permutation(added["actor"][three]), "target": added["actor"][three], "layer": "agreement"}
        ),
    ]
    ties = pd.concat([register.ties[["source", "target", "layer"]].astype(str), *parts])
    actors = pd.concat([register.actors.reset_index(), added])
    return Network(ties[ties["source"] != ties["target"]], actors=actors[[*added.columns, "population"]])
