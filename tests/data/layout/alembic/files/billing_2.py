"""what billing wants of pets: a dependency by its label"""
from alembic import op

revision = "b1111ng00002"; down_revision = "b1111ng00001"
depends_on = ("pets", "27c6a30d7c24")


def upgrade():
    op.execute("ALTER TABLE invoices ADD COLUMN pet INTEGER")


def downgrade():
    with op.batch_alter_table("invoices") as batch:
        batch.drop_column("pet")
