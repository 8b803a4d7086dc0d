ALTER TABLE "person" DROP COLUMN "mood";
DROP TYPE "mood";
