ALTER TABLE "stay" DROP CONSTRAINT "no_overlap";
