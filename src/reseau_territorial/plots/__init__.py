"""Plots for print: matplotlib figures with an alternative text, in French, safe in grey."""

from reseau_territorial.plots._sheet import PlotResult
from reseau_territorial.plots.chance import plot_null
from reseau_territorial.plots.change import plot_change
from reseau_territorial.plots.coverage import plot_coverage
from reseau_territorial.plots.degrees import plot_degrees
from reseau_territorial.plots.flows import plot_flows
from reseau_territorial.plots.layers import plot_layers
from reseau_territorial.plots.mixing import plot_mixing
from reseau_territorial.plots.network import plot
from reseau_territorial.plots.quadrants import plot_influence, plot_silo_bridge
from reseau_territorial.plots.sets import plot_layer_sets
from reseau_territorial.plots.slopes import plot_slope
from reseau_territorial.plots.territory import plot_territory

__all__ = [
    "PlotResult",
    "plot",
    "plot_change",
    "plot_coverage",
    "plot_degrees",
    "plot_flows",
    "plot_influence",
    "plot_layer_sets",
    "plot_layers",
    "plot_mixing",
    "plot_null",
    "plot_silo_bridge",
    "plot_slope",
    "plot_territory",
]
