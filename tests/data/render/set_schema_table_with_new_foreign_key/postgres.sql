CREATE TABLE "cities" (
  "id" bigint NOT NULL,
  CONSTRAINT "cities_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "users"
  ADD COLUMN "city" bigint,
  ADD CONSTRAINT "users_city" FOREIGN KEY ("city") REFERENCES "cities" ("id");
ALTER TABLE "users" SET SCHEMA "dunlin_moved_far";
