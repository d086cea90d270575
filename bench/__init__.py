"""Benchmarks: what the shop's speed is measured by. They run by hand and assert nothing."""
