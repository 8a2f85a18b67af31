"""Every route of an app, those of included routers among them."""

from collections.abc import Iterable, Iterator
from re import Pattern
from typing import Any, NamedTuple


class Route(NamedTuple):
    """A method (WS for a WebSocket), the address as it is declared, and what matches it."""

    method: str
    path: str
    regex: Pattern[str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes_of(app: Any) -> list[Route]:
    """As they are declared; raises AssertionError for something in the app that is neither a route nor holds any."""
    return list(_walked(app.routes, ""))


def _walked(routes: Iterable[Any], prefix: str) -> Iterator[Route]:
    for route in routes:
        if hasattr(route, "effective_route_contexts"):  # what include_router leaves: one object without a path
            yield from _walked(route.effective_route_contexts(), prefix)
        elif getattr(route, "starlette_route", None) is not None:
            yield from _walked([route.starlette_route], prefix)
        elif getattr(route, "routes", None):
            yield from _walked(route.routes, prefix + getattr(route, "path", ""))
        else:
            assert route.path, f"{route!r} is no route that this walk knows; teach it in tests/routes.py."
            methods = getattr(route, "methods", None)
            for method in sorted(methods) if methods else ["WS"]:
                yield Route(method, prefix + route.path, route.path_regex)
