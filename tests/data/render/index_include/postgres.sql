CREATE INDEX "i" ON "users" ("email") INCLUDE ("age");
