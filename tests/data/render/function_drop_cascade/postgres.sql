DROP FUNCTION "touch"() CASCADE;
-- can't undo drop function touch(): trigger tidy on users goes with it by cascade; write a down
