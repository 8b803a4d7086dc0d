CREATE TYPE "mood" AS ENUM ('a', 'b');
CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "m" mood
);
DROP TYPE "mood" CASCADE;
-- can't undo drop enum mood: what is new of table t goes with it by cascade; write a down
