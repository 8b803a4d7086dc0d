DROP TABLE "users" CASCADE;
-- can't undo drop table users: view adults goes with it by cascade; write a down
