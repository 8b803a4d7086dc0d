"""create users

Revision ID: 1975ea83b712
Revises: 
"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = "1975ea83b712"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("users")
