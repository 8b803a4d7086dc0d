CREATE UNIQUE INDEX "i" ON "users" ("email");
