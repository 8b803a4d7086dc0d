revision = "b1111ng00003"
down_revision = "b1111ng00002"


def upgrade():
    pass


def downgrade():
    pass
