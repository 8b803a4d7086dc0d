CREATE UNIQUE INDEX "totals_day" ON "totals" ("day");
