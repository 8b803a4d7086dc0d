CREATE UNLOGGED TABLE "events" (
  "id" integer NOT NULL
) PARTITION BY LIST ("id");
