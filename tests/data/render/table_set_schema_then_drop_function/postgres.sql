ALTER TABLE "users" SET SCHEMA "audit";
DROP FUNCTION "first"();
-- can't undo drop function first(): what it had mentions users, which this revision has put into another schema before; do that in a revision of its own, or write a down
