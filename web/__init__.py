"""The composition root: settings, database, migrations and the command line of Gongyan."""
