"""reindex: what can be found, gathered anew."""


def reindex() -> None:
    """Make the index of the search anew. The site may run meanwhile; what should not be found is dropped."""
    from community.findables import KINDS, count_known, known_but_gone, reindex
    from web import schema
    from web.commands.opening import opened
    from web.commands.paper import bar, number, paper

    assert schema.metadata.tables
    done = 0
    with opened() as database:
        with database.reading() as session:
            total = count_known(session)
        with bar("索引", False, lambda: total) as step:
            for kind in KINDS.values():
                after = ""
                while True:
                    with database.writing() as session:
                        ids = reindex(session, kind, after)
                    if not ids:
                        break
                    after, done = ids[-1], done + len(ids)
                    step(len(ids))
                after = ""
                while True:
                    with database.writing() as session:
                        ids = known_but_gone(session, kind, after)
                    if not ids:
                        break
                    after = ids[-1]
    paper().print(f"已重建索引：{number(done)} 项。")
