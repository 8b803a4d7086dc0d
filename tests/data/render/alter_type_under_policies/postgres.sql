DROP POLICY "own" ON "users";
ALTER TABLE "users" ALTER COLUMN "email" TYPE text;
CREATE POLICY "own" ON "users" FOR UPDATE TO "app" USING ((email)::text = CURRENT_USER) WITH CHECK (age > 18);
COMMENT ON POLICY "own" ON "users" IS 'One''s own';
