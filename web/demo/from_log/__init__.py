"""A demo as large as a real log: its facts as they are, and people, names and texts made up around them."""
