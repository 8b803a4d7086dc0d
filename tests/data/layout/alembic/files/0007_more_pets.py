"""more pets (an id of its own choice)"""
from alembic import op
revision = "0007_more_pets"
down_revision = "c0ffee123456"
DROP = f"DROP TABLE {'toys'}"
if True:
    revision_of_nothing = "1"
    down = revision
def upgrade(): op.execute("CREATE TABLE toys (id INTEGER PRIMARY KEY)")
def downgrade(): op.execute(DROP)
