"""make one of all"""

revision = "f0f0f0f0f0f0"
down_revision = ("e5e5e5e5e5e5", "b1111ng00003")


def upgrade():
    pass


def downgrade():
    pass
