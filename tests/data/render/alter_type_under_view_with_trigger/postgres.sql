DROP VIEW "people";
ALTER TABLE "users" ALTER COLUMN "email" TYPE text;
CREATE VIEW "people" AS
SELECT users.id,
    users.email
   FROM users;
CREATE TRIGGER "keep_log" INSTEAD OF INSERT ON "people" FOR EACH ROW EXECUTE FUNCTION "write_log"();
COMMENT ON TRIGGER "keep_log" ON "people" IS 'Writes it down';
CREATE RULE "no_more" AS ON DELETE TO "people" DO INSTEAD NOTHING;
-- as a script: can't alter type of column users.email without a look at the database: view people may stand on it, and its catalog alone tells how
