"""create posts

Revision ID: 27c6a30d7c24
Revises: 1975ea83b712
"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = "27c6a30d7c24"
down_revision: Union[str, Sequence[str], None] = '1975ea83b712'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table("posts", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("posts")
