ALTER TABLE "users" SET SCHEMA "audit";
DROP POLICY "own" ON "posts";
-- can't undo drop policy own on posts: what it had mentions users, which this revision has put into another schema before; do that in a revision of its own, or write a down
-- as a script: can't move table users to schema audit without a look at the database: policy own on posts may stand on it, and its catalog alone tells how
