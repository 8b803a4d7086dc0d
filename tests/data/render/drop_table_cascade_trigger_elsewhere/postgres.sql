DROP TABLE "users" CASCADE;
-- can't undo drop table users: trigger forget on log goes with it by cascade; write a down
-- as a script: can't drop table users without a look at the database: trigger forget on log may stand on it, and its catalog alone tells how
