"""create tags"""

import sqlalchemy as sa
from alembic import op

revision: str = ("55af2cb1c267")
down_revision: str | None = (
    # as it was before pets
    "27c6a30d7c24"
)


def upgrade() -> None:
    with op.batch_alter_table("posts") as batch:
        batch.add_column(sa.Column("tags", sa.Text()))


def downgrade() -> None:
    with op.batch_alter_table("posts") as batch:
        batch.drop_column("tags")
