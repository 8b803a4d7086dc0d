CREATE TABLE "stay" (
  "id" bigint NOT NULL,
  "room" integer NOT NULL,
  "since" date,
  "until" date,
  CONSTRAINT "stay_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "no_overlap" EXCLUDE USING "gist" ("room" WITH =, (daterange(since, until)) WITH &&) INCLUDE ("id") WHERE (room > 0) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON CONSTRAINT "no_overlap" ON "stay" IS 'It''s one at a time';
