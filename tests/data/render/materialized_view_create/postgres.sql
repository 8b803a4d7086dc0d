CREATE MATERIALIZED VIEW "totals" AS
SELECT age, count(*) AS people FROM users GROUP BY age;
