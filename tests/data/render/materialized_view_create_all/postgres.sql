CREATE MATERIALIZED VIEW "totals" ("years", "many") WITH ("fillfactor" = '70') AS
SELECT age, count(*) AS people FROM users GROUP BY age;
CREATE INDEX "totals_many" ON "totals" ("many");
CREATE UNIQUE INDEX "totals_years" ON "totals" ("years");
COMMENT ON INDEX "totals_years" IS 'One a year';
COMMENT ON COLUMN "totals"."many" IS 'How many';
COMMENT ON MATERIALIZED VIEW "totals" IS 'How many of each age';
GRANT SELECT ON TABLE "totals" TO "app";
