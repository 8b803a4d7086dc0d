ALTER TABLE "t"
  DROP CONSTRAINT "t_status_check",
  ALTER COLUMN "status" TYPE text USING "status"::text,
  ADD CONSTRAINT "t_status_check" CHECK ("status" IN ('draft', 'live', 'gone'));
