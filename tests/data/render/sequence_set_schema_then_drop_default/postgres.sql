ALTER SEQUENCE "numbers" SET SCHEMA "audit";
ALTER TABLE "users" ALTER COLUMN "id" DROP DEFAULT;
-- can't undo alter default of column users.id: what it had mentions numbers, which this revision has put into another schema before; do that in a revision of its own, or write a down
