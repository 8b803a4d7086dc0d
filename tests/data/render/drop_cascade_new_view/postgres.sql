CREATE VIEW "people" AS
SELECT id FROM users;
DROP TABLE "users" CASCADE;
-- can't undo drop table users: view people goes with it by cascade; write a down
