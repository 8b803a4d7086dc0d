CREATE INDEX "i" ON "users" USING "hash" ("age");
