"""Answers of people, evidence under seal, bundles that were handed out.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FIXED = ("record_seq", "position", "sort", "platform", "id", "sha256")  # of a piece; its words may be erased


def upgrade() -> None:
    """Create the tables, and make the sealed ones append-only."""
    _create_answer()
    _create_sealed()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _create_answer() -> None:
    op.create_table(
        "answer",
        sa.Column("seq", _ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("incident_id", _ROW_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("value_json", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_answer")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_answer_incident_id_incident")),
    )
    op.create_index(op.f("ix_answer_incident_id"), "answer", ["incident_id"])


def _create_sealed() -> None:
    op.create_table(
        "sealed_record",
        sa.Column("seq", _ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("incident_id", _ROW_NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_sealed_record")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_sealed_record_incident_id_number")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_sealed_record_incident_id_incident")),
    )
    op.create_table(
        "sealed_item",
        sa.Column("record_seq", _ROW_NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("id", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("record_seq", "position", name=op.f("pk_sealed_item")),
        sa.ForeignKeyConstraint(
            ["record_seq"], ["sealed_record.seq"], name=op.f("fk_sealed_item_record_seq_sealed_record")
        ),
    )
    op.create_index("ix_sealed_item_mention", "sealed_item", ["platform", "id"])
    op.create_table(
        "sealed_bundle",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("incident_id", _ROW_NUMBER, nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sealed_bundle")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_sealed_bundle_incident_id_incident")),
    )
    op.create_index(op.f("ix_sealed_bundle_incident_id"), "sealed_bundle", ["incident_id"])


def _guard_sqlite() -> None:
    for table, of in (("sealed_record", ""), ("sealed_item", f" OF {', '.join(_FIXED)}"), ("sealed_bundle", "")):
        for act, name in ((f"UPDATE{of}", "update"), ("DELETE", "delete")):
            op.execute(
                f"CREATE TRIGGER keep_{table}_{name} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION keep_sealed() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table, of in (("sealed_record", ""), ("sealed_item", f" OF {', '.join(_FIXED)}"), ("sealed_bundle", "")):
        op.execute(
            f"CREATE TRIGGER keep_{table} BEFORE UPDATE{of} OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION keep_sealed()"
        )
