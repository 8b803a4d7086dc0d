"""billing

begins a history of its own
"""
import sqlalchemy as sa
from alembic import op

revision = "b1111ng00001"
down_revision = None
branch_labels = "billing"
depends_on = "1975ea83b712"


def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("invoices")
