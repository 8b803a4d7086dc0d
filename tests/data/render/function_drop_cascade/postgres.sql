DROP FUNCTION "touch"() CASCADE;
-- can't undo drop function touch(): trigger tidy on users goes with it by cascade; write a down
-- as a script: can't drop function touch() without a look at the database: trigger tidy on users may stand on it, and its catalog alone tells how
