"""Migrates SQLite databases as Alembic does, with the folder of its steps as it is.

run.py upgrade FILE FOLDER TARGET     the database in this file, by the steps in this folder
run.py applied FILE FOLDER            what Alembic takes to be applied there, one id a line
run.py graph FOLDER < HISTORY         compares what `dunlin history --json` says with Alembic's own reading
"""

import json
import pathlib
import sqlite3
import sys
import tempfile

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

ENV = """
import sqlalchemy as sa
from alembic import context
engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as conn:
    context.configure(connection=conn)
    with context.begin_transaction():
        context.run_migrations()
"""


def configured(script_location, folder, file=""):
    pathlib.Path(script_location, "env.py").write_text(ENV)
    config = Config()
    config.set_main_option("script_location", script_location)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(pathlib.Path(folder).resolve()))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{file}")
    return config


def applied(script, file):
    """The ids that are applied: heads, and all that is below them."""
    with sqlite3.connect(file) as conn:
        heads = [head for (head,) in conn.execute("SELECT version_num FROM alembic_version")]
    steps = script.revision_map
    below = steps._get_ancestor_nodes(steps.get_revisions(heads), include_dependencies=True)
    return sorted(step.revision for step in below)


def graph(script):
    """What each step is, comes after and depends on."""
    return {
        step.revision: {
            "message": step.doc.replace("\n", " ") or None,
            "revises": sorted(step._versioned_down_revisions),
            "depends_on": sorted(step.dependencies if isinstance(step.dependencies, tuple) else filter(None, [step.dependencies])),
            "branch_labels": sorted(step._orig_branch_labels),
        }
        for step in script.walk_revisions()
    }


def dunlins(ids):
    """The same as `dunlin history --json` says it, of the steps with these ids."""
    found = {step["id"]: step for step in json.load(sys.stdin) if step["id"] in ids}
    for id, step in found.items():
        keys = ["revises", "depends_on", "branch_labels"]
        # Where nothing is said, Dunlin takes the words of the id.
        message = step["message"] if step["message"] != id.replace("_", " ") else None
        found[id] = {"message": message, **{key: sorted(step[key]) for key in keys}}
    return found


with tempfile.TemporaryDirectory() as script_location:
    match sys.argv[1:]:
        case ["upgrade", file, folder, target]:
            command.upgrade(configured(script_location, folder, file), target)
        case ["applied", file, folder]:
            script = ScriptDirectory.from_config(configured(script_location, folder))
            print("\n".join(applied(script, file)))
        case ["graph", folder]:
            theirs = graph(ScriptDirectory.from_config(configured(script_location, folder)))
            ours = dunlins(theirs)
            for id in theirs:
                if ours.get(id) != theirs[id]:
                    sys.exit(f"{id} is {theirs[id]} to Alembic, and {ours.get(id)} to Dunlin")
        case _:
            sys.exit(__doc__)
