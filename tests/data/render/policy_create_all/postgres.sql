CREATE POLICY "own" ON "users" AS RESTRICTIVE FOR UPDATE TO "app" USING (age > 17) WITH CHECK (age > 18);
COMMENT ON POLICY "own" ON "users" IS 'It''s one''s own';
