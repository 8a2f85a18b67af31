"""reindex: what can be found, gathered anew."""


def reindex() -> None:
    """Make the index of the search anew. The site may run meanwhile."""
    from community.findables import known, reindexing
    from web import schema  # noqa: F401  All kinds join.
    from web.commands.opening import opened
    from web.commands.paper import bar, paper
    from web.numbers import number

    with opened() as database:
        with database.reading() as session:
            total = known(session)
        with bar("索引", False, lambda: 2 * total) as step:
            for batch in reindexing():
                with database.writing() as session:
                    done = batch(session)
                step(done)
        with database.reading() as session:
            paper().print(f"已重建索引：{number(known(session))} 项可以找到。")
