CREATE INDEX "events_what" ON "events" ("what");
