CREATE INDEX "i" ON "users" ("email" COLLATE "C");
