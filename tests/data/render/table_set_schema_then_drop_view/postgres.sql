ALTER TABLE "users" SET SCHEMA "audit";
DROP VIEW "people";
-- as a script: can't move table users to schema audit without a look at the database: view people may stand on it, and its catalog alone tells how
