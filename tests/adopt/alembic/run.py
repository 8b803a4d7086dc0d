"""run.py FILE: migrates the SQLite database in this file with three migrations of Alembic's, two of them applied."""

import pathlib
import sys
import tempfile

from alembic import command
from alembic.config import Config

MIGRATION = '''
import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {parent!r}


def upgrade():
    op.create_table("{table}", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("{table}")
'''

with tempfile.TemporaryDirectory() as folder:
    config = Config()
    config.set_main_option("script_location", folder)
    config.set_main_option("sqlalchemy.url", f"sqlite:///{sys.argv[1]}")
    versions = pathlib.Path(folder, "versions")
    versions.mkdir()
    pathlib.Path(folder, "env.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import context\n"
        "engine = sa.create_engine(context.config.get_main_option('sqlalchemy.url'))\n"
        "with engine.connect() as conn:\n"
        "    context.configure(connection=conn)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n"
    )
    parent = None
    for id, table in [("1975ea83b712", "users"), ("27c6a30d7c24", "posts"), ("3512b954651e", "pets")]:
        versions.joinpath(f"{id}_{table}.py").write_text(MIGRATION.format(id=id, parent=parent, table=table))
        parent = id
    command.upgrade(config, "27c6a30d7c24")
