ALTER MATERIALIZED VIEW "people" RENAME COLUMN "email" TO "address";
DROP INDEX "by_email";
-- can't undo drop index by_email on table people: what it had mentions email, which this revision has renamed to address before; rename in a revision of its own, or write a down
