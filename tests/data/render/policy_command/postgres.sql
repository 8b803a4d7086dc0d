DROP POLICY "own" ON "users";
CREATE POLICY "own" ON "users" FOR SELECT USING ((email)::text = CURRENT_USER);
COMMENT ON POLICY "own" ON "users" IS 'one''s own';
DROP POLICY "own" ON "users";
CREATE POLICY "own" ON "users" AS RESTRICTIVE FOR SELECT USING ((email)::text = CURRENT_USER);
COMMENT ON POLICY "own" ON "users" IS 'one''s own';
