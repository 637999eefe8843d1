"""Readings for those who run a network: who facilitates, how it is governed, who is missing."""

from reseau_territorial.governance.absences import missing_actors
from reseau_territorial.governance.cards import facilitators
from reseau_territorial.governance.modes import GovernanceReading, governance_mode

__all__ = ["GovernanceReading", "facilitators", "governance_mode", "missing_actors"]
