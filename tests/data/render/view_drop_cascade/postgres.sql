DROP VIEW "adults" CASCADE;
-- can't undo drop view adults: view old goes with it by cascade; write a down
