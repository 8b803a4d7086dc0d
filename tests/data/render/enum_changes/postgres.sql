ALTER TABLE "t"
  DROP CONSTRAINT "t_status_check",
  ALTER COLUMN "status" TYPE text,
  ADD CONSTRAINT "t_status_check" CHECK ("status" IN ('draft', 'live', 'gone'));
