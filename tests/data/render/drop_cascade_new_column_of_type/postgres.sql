CREATE TYPE "mood" AS ENUM ('a', 'b');
ALTER TABLE "t" ADD COLUMN "m" mood;
DROP TYPE "mood" CASCADE;
-- can't undo drop enum mood: what is new of table t goes with it by cascade; write a down
