CREATE INDEX IF NOT EXISTS "i" ON "users" ("email");
