ALTER TABLE "users" RENAME COLUMN "email" TO "mail";
DROP STATISTICS "lengths";
-- can't undo drop statistics lengths: what it had mentions email, which this revision has renamed to mail before; rename in a revision of its own, or write a down
