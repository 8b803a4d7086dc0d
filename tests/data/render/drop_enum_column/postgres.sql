ALTER TABLE "t"
  DROP CONSTRAINT "t_status_check",
  DROP COLUMN "status";
