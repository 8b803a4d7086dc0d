DROP TYPE "mood" CASCADE;
-- can't undo drop enum mood: column person.mood goes with it by cascade; write a down
-- as a script: can't drop enum mood without a look at the database: table person may stand on it, and its catalog alone tells how
