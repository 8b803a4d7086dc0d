ALTER TABLE "thing" ADD COLUMN "made" date;
