DROP VIEW "adults" CASCADE;
-- can't undo drop view adults: view old goes with it by cascade; write a down
-- as a script: can't drop view adults without a look at the database: view old may stand on it, and its catalog alone tells how
