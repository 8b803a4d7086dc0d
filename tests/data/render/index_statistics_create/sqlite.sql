CREATE INDEX "users_search" ON "users" ("age", "email");
