"""Metrics: functions from a network to numbers, by family."""
