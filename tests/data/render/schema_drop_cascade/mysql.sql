DROP DATABASE `dunlin_case_audit`;
-- can't undo drop schema dunlin_case_audit: table dunlin_case_audit.log goes with it by cascade; write a down
