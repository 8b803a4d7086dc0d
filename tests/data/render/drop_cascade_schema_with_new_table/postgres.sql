CREATE SCHEMA "dunlin_case_app";
CREATE TABLE "dunlin_case_app"."x" (
  "id" bigint
);
DROP SCHEMA "dunlin_case_app" CASCADE;
-- can't undo drop schema dunlin_case_app: what is new of table dunlin_case_app.x goes with it by cascade; write a down
