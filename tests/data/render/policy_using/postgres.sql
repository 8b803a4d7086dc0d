ALTER POLICY "own" ON "users" USING (age > 3);
