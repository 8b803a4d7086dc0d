ALTER EXTENSION "citext" SET SCHEMA "audit";
DROP DOMAIN "address";
-- can't undo drop domain address: domain address stands on extension citext, which this revision has put into another schema before; do that in a revision of its own, or write a down
