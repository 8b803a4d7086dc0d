ALTER TABLE "users"
  ADD COLUMN "zero" integer,
  ADD COLUMN "nick" integer;
