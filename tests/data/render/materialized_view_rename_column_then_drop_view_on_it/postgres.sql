ALTER MATERIALIZED VIEW "people" RENAME COLUMN "email" TO "address";
DROP VIEW "addresses";
-- as a script: can't alter columns of materialized view people without a look at the database: view addresses may stand on it, and its catalog alone tells how
