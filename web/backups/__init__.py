"""Backups: everything there is at one moment, in one file, that either database can be made of again."""
