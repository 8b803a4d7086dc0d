CREATE INDEX "i" ON "users" ("email") WHERE age > 18;
