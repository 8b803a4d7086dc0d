# -*- coding: latin-1 -*-
'''haustiere, größer'''
import alembic, sqlalchemy as sa
op = alembic.op
revision = r'ae1027a6acf'
PARENT = "27c6" \
    "a30d7c24"
down_revision = PARENT
branch_labels = ('pets',)


def upgrade():
    op.execute("""
down_revision = 'x'
""".replace("\ndown_revision = 'x'\n", "CREATE TABLE pets (id INTEGER PRIMARY KEY, name VARCHAR(20))"))


def downgrade():
    op.execute("DROP TABLE pets")
