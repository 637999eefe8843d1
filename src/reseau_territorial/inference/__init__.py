"""How sure one can be: permutation tests, bootstrap, comparison of layers and of periods."""

from reseau_territorial.inference.coders import coder_agreement
from reseau_territorial.inference.matrices import qap
from reseau_territorial.inference.periods import ComparisonResult, compare_periods
from reseau_territorial.inference.permutations import permutation_test
from reseau_territorial.inference.regression import RegressionResult, mrqap
from reseau_territorial.inference.resampling import bootstrap
from reseau_territorial.inference.results import BootstrapResult, PermutationResult
from reseau_territorial.inference.tables import compare_nulls, silo_table

__all__ = [
    "BootstrapResult",
    "ComparisonResult",
    "PermutationResult",
    "RegressionResult",
    "bootstrap",
    "coder_agreement",
    "compare_nulls",
    "compare_periods",
    "mrqap",
    "permutation_test",
    "qap",
    "silo_table",
]
