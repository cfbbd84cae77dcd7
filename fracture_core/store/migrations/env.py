"""Alembic's way in; ``store/migrate.py`` hands the connection over."""

from alembic import context

from fracture_core.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,  # SQLite alters little in place
    transactional_ddl=True,
)
context.run_migrations()
