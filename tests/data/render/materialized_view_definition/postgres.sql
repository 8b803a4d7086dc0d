DROP MATERIALIZED VIEW "totals";
CREATE MATERIALIZED VIEW "totals" AS
SELECT age FROM users;
CREATE UNIQUE INDEX "totals_age" ON "totals" ("age");
