ALTER VIEW "above" RENAME COLUMN "email" TO "address";
CREATE OR REPLACE VIEW "people" AS
SELECT id, email, age FROM users;
-- as a script: can't alter query of view people without a look at the database: view above may stand on it, and its catalog alone tells how
