DROP MATERIALIZED VIEW "totals";
CREATE MATERIALIZED VIEW "totals" AS
SELECT age, count(*) AS people, min(id) AS first FROM users GROUP BY age;
CREATE UNIQUE INDEX "totals_age" ON "totals" ("age");
