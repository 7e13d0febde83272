"""Alembic revisions, oldest first; run by stormcone.store.migrating, never by hand."""
