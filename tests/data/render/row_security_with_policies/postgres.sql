ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "see" ON "users" FOR SELECT USING (true);
CREATE POLICY "change" ON "users" FOR UPDATE TO "app" USING (email = current_user);
