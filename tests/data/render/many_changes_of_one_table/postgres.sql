ALTER TABLE "users"
  ADD COLUMN "nick" varchar(20),
  ALTER COLUMN "age" SET NOT NULL,
  ALTER COLUMN "age" SET DEFAULT 1;
ALTER TABLE "users" DROP COLUMN "email";
CREATE INDEX "users_nick" ON "users" ("nick");
ALTER TABLE "users" ADD CONSTRAINT "grown_up" CHECK (age >= 18);
