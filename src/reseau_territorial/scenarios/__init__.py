"""What if: networks with actors removed, added or merged, how they hold, and which new ties would help."""

from reseau_territorial.scenarios.changes import Scenario, scenario
from reseau_territorial.scenarios.removals import Robustness, robustness
from reseau_territorial.scenarios.suggestions import suggest_ties

__all__ = ["Robustness", "Scenario", "robustness", "scenario", "suggest_ties"]
