CREATE TABLE "stay" (
  "id" bigint NOT NULL,
  "room" integer NOT NULL,
  "since" date,
  "until" date,
  CONSTRAINT "stay_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "no_overlap" EXCLUDE USING "gist" ("room" WITH =, (daterange(since, until)) WITH &&)
);
