ALTER TABLE "stay" ADD CONSTRAINT "no_overlap" EXCLUDE USING "gist" ("room" WITH =, (daterange(since, until)) WITH &&);
