"""A database that shows everything: a small community, made by the real verbs, with a year behind it."""
