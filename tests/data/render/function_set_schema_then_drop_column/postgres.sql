ALTER FUNCTION "house"() SET SCHEMA "audit";
ALTER TABLE "users" DROP COLUMN "email";
-- can't undo drop column users.email: what it had mentions house, which this revision has put into another schema before; do that in a revision of its own, or write a down
