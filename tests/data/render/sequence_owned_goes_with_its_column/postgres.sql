ALTER TABLE "bill" DROP COLUMN "number";
