DROP SCHEMA "dunlin_case_audit" CASCADE;
-- can't undo drop schema dunlin_case_audit: table dunlin_case_audit.log goes with it by cascade; write a down
