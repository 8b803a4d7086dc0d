"""merge pets
and tags

With a second paragraph, in which down_revision = 'nothing' says nothing.
"""
revision = 'c0ffee123456'
down_revision = (
    'ae1027a6acf',  # pets
    "55af2cb1c267",
)
branch_labels = ()
depends_on = []


def upgrade():
    pass


def downgrade():
    pass
