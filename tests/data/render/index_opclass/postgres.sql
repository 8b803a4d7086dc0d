CREATE INDEX "i" ON "users" ("email" "varchar_pattern_ops");
