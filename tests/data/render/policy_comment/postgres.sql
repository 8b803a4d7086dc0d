COMMENT ON POLICY "own" ON "users" IS 'Own';
