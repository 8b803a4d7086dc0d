ALTER TABLE "t"
  DROP CONSTRAINT "t_status_check",
  ALTER COLUMN "status" TYPE varchar(20);
