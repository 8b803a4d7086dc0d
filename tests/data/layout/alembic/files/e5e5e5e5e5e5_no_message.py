from alembic import op

revision = "e5e5e5e5e5e5"
down_revision = {"0007_more_pets"}
branch_labels = None


def upgrade():
    op.create_index("posts_title", "posts", ["title"])


def downgrade():
    op.drop_index("posts_title")
