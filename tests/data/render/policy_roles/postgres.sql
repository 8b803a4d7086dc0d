ALTER POLICY "own" ON "users" TO "app";
