DROP POLICY "own" ON "users";
CREATE POLICY "own" ON "users" USING (age > 17);
