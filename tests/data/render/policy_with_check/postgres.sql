ALTER POLICY "own" ON "users" WITH CHECK (age > 3);
