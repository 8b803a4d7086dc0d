ALTER EXTENSION "citext" SET SCHEMA "audit";
ALTER TABLE "users" ALTER COLUMN "email" TYPE text;
-- can't undo alter type of column users.email: table users stands on extension citext, which this revision has put into another schema before; do that in a revision of its own, or write a down
