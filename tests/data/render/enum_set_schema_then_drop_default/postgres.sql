ALTER TYPE "mood" SET SCHEMA "audit";
ALTER TABLE "users" DROP COLUMN "mood";
-- can't undo drop column users.mood: what it had mentions mood, which this revision has put into another schema before; do that in a revision of its own, or write a down
-- as a script: can't move enum mood to schema audit without a look at the database: table users may stand on it, and its catalog alone tells how
