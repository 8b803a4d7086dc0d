CREATE INDEX "i" ON "users" ("age" NULLS FIRST);
