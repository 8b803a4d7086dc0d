DROP INDEX "i";
CREATE INDEX "better_name" ON "users" ("email");
