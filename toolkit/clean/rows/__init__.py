"""How rows are read and judged where they are: one set of rules for every engine."""
