DROP POLICY "own" ON "users";
CREATE POLICY "own" ON "users" FOR DELETE USING (age > 99);
