CREATE UNIQUE INDEX CONCURRENTLY "totals_day" ON "totals" ("day");
