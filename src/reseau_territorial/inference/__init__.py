"""How sure one can be: permutation tests, bootstrap, comparison of layers and of periods."""

from reseau_territorial.inference.permutations import permutation_test
from reseau_territorial.inference.results import BootstrapResult, PermutationResult

__all__ = ["BootstrapResult", "PermutationResult", "permutation_test"]
