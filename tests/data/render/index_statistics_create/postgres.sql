CREATE INDEX "users_search" ON "users" ("age", (lower(email::text)), (age + 1));
ALTER INDEX "users_search" ALTER COLUMN 2 SET STATISTICS 500, ALTER COLUMN 3 SET STATISTICS 0;
