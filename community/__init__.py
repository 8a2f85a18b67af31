"""People, schools, topics, replies, resources, ratings and moderation: what teachers do with each other.

Imports points and nothing above itself; workshops and web may import it, by this front door only.
"""
