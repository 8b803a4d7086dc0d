DROP TYPE "mood" CASCADE;
-- can't undo drop enum mood: column person.mood goes with it by cascade; write a down
