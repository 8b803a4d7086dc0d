ALTER POLICY "own" ON "users" RENAME TO "one's own";
