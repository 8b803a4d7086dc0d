ALTER TABLE "t" ADD CONSTRAINT "both" UNIQUE ("id", "a");
