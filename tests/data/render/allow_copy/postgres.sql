ALTER TABLE "users"
  ADD COLUMN "nick" varchar(20),
  ALTER COLUMN "age" SET NOT NULL;
