ALTER EXTENSION "citext" SET SCHEMA "audit";
DROP TABLE "users";
-- can't undo drop table users: table users stands on extension citext, which this revision has put into another schema before; do that in a revision of its own, or write a down
