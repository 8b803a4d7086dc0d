CREATE INDEX "i" ON "users" ("email" DESC, "age");
