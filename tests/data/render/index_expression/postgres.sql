CREATE INDEX "i" ON "users" ((lower(email)), "age");
