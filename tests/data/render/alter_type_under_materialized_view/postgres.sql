DROP MATERIALIZED VIEW "empty";
DROP VIEW "often";
DROP MATERIALIZED VIEW "totals";
ALTER TABLE "users" ALTER COLUMN "email" TYPE text;
CREATE MATERIALIZED VIEW "totals" AS
SELECT users.email,
    count(*) AS n
   FROM users
  GROUP BY users.email;
CREATE UNIQUE INDEX "totals_email" ON "totals" ("email");
COMMENT ON INDEX "totals_email" IS 'One each';
ALTER MATERIALIZED VIEW "totals" CLUSTER ON "totals_email";
ALTER MATERIALIZED VIEW "totals" ALTER COLUMN "n" SET STATISTICS 7;
COMMENT ON COLUMN "totals"."n" IS 'How many';
COMMENT ON MATERIALIZED VIEW "totals" IS 'By address';
GRANT SELECT ON TABLE "totals" TO "app";
CREATE VIEW "often" AS
SELECT totals.email
   FROM totals
  WHERE (totals.n > 1);
CREATE MATERIALIZED VIEW "empty" AS
SELECT often.email
   FROM often
WITH NO DATA;
-- as a script: can't alter type of column users.email without a look at the database: materialized view totals may stand on it, and its catalog alone tells how
