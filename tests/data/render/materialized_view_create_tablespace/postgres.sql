CREATE MATERIALIZED VIEW "totals" TABLESPACE "pg_default" AS
SELECT age, count(*) AS people FROM users GROUP BY age;
