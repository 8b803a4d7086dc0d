DROP MATERIALIZED VIEW "totals";
CREATE MATERIALIZED VIEW "totals" AS
SELECT age, count(*) AS people FROM users WHERE age >= 18 GROUP BY age;
CREATE UNIQUE INDEX "totals_age" ON "totals" ("age");
COMMENT ON COLUMN "totals"."people" IS 'how many';
COMMENT ON MATERIALIZED VIEW "totals" IS 'how many of each age';
GRANT SELECT ON TABLE "totals" TO "app";
