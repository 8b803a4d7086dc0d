ALTER DOMAIN "address" SET SCHEMA "audit";
ALTER TABLE "users" DROP CONSTRAINT "is_address";
-- can't undo drop check is_address of table users: what it had mentions address, which this revision has put into another schema before; do that in a revision of its own, or write a down
