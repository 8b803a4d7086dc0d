ALTER TABLE "t" DROP CONSTRAINT "t_status_check";
ALTER TABLE "t" DROP COLUMN "status";
