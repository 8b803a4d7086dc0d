CREATE TYPE "mood" AS ENUM ('a', 'b');
CREATE DOMAIN "known_mood" AS mood;
DROP TYPE "mood" CASCADE;
-- can't undo drop enum mood: domain known_mood goes with it by cascade; write a down
