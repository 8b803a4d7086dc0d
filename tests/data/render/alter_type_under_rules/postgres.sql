DROP RULE "log_it" ON "users";
ALTER TABLE "users" ALTER COLUMN "email" TYPE text;
CREATE RULE "log_it" AS ON UPDATE TO "users" WHERE (new.email)::text <> (old.email)::text DO ALSO INSERT INTO log (what)
  VALUES (new.email);
ALTER TABLE "users" ENABLE ALWAYS RULE "log_it";
COMMENT ON RULE "log_it" ON "users" IS 'It''s logged';
