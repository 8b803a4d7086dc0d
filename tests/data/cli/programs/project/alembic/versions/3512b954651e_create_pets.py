"""create pets

Revision ID: 3512b954651e
Revises: 27c6a30d7c24
"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

revision: str = "3512b954651e"
down_revision: Union[str, Sequence[str], None] = '27c6a30d7c24'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table("pets", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("pets")
