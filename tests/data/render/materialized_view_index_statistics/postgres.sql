CREATE MATERIALIZED VIEW "totals" AS
SELECT age, count(*) AS people FROM users GROUP BY age;
CREATE INDEX "totals_twice" ON "totals" ((people * 2));
ALTER INDEX "totals_twice" ALTER COLUMN 1 SET STATISTICS 500;
ALTER INDEX "totals_twice" ALTER COLUMN 1 SET STATISTICS 60;
