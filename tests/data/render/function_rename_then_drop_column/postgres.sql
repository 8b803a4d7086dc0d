ALTER FUNCTION "house"() RENAME TO "home";
ALTER TABLE "users" DROP COLUMN "email";
-- can't undo drop column users.email: what it had mentions house, which this revision has renamed to home before; rename in a revision of its own, or write a down
