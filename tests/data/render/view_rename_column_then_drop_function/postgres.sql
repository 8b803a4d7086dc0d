ALTER VIEW "people" RENAME COLUMN "email" TO "address";
DROP FUNCTION "first"();
-- can't undo drop function first(): what it had mentions email, which this revision has renamed to address before; rename in a revision of its own, or write a down
