"""The figures that this project holds itself to; docs/benchmarks.md has them, each with its limit."""
