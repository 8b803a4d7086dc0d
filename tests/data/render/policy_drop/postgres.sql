DROP POLICY "own" ON "users";
