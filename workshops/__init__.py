"""Workshops, their activities, taking part, submissions and featuring.

Imports points, and community by its front door only; nothing but web may import it.
"""
