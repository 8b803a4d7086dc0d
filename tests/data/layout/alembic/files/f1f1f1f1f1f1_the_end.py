"""the last of Alembic's"""
from alembic import op

revision = "f1f1f1f1f1f1"
down_revision = "f0f0f0f0f0f0"


def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN email VARCHAR(100)")


def downgrade():
    with op.batch_alter_table("users") as batch:
        batch.drop_column("email")
