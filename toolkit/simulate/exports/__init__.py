"""Simulated tables written as the messy bilingual files that offices send."""
