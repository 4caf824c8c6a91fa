"""sets of templates: a case and its filings name the one that they answer"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op

from web.store.engine import Templates

revision = "c4d81e0b92f7"
down_revision = "a10ed2f76fac"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "template_set",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_template_set")),
    )
    for table in ("case", "filing"):
        op.add_column(table, sa.Column("title", sa.String(length=200), server_default="", nullable=False))
        name = op.f(
            f"fk_{table}_templates_template_set"
        )  # one statement: SQLite would copy a table that others refer to
        reference = f"CONSTRAINT {name} REFERENCES template_set (digest)"
        op.execute(f'ALTER TABLE "{table}" ADD COLUMN templates VARCHAR(64) {reference}')
    adopt(context.config.attributes.get("templates"))


def adopt(templates: Templates | None) -> None:
    """What was answered before sets were kept was last shown with the templates in use now: it names them."""
    connection = op.get_bind()
    case = sa.table("case", sa.column("scenario"), sa.column("title"), sa.column("templates"))
    filing = sa.table("filing", sa.column("form"), sa.column("title"), sa.column("templates"))
    if templates is None or not connection.scalar(sa.select(sa.func.count()).select_from(case)):
        return
    kept = sa.table("template_set", sa.column("digest"), sa.column("content"), sa.column("first_used_at"))
    whole = {"digest": templates.digest, "content": templates.content, "first_used_at": datetime.now(UTC)}
    connection.execute(kept.insert().values(whole))
    for table, key, titles in ((case, "scenario", templates.scenarios), (filing, "form", templates.forms)):
        connection.execute(table.update().values(templates=templates.digest, title=table.c[key]))
        for name, title in titles.items():
            connection.execute(table.update().where(table.c[key] == name).values(title=title))


def downgrade() -> None:
    for table in ("filing", "case"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("templates")
            batch_op.drop_column("title")
    op.drop_table("template_set")
