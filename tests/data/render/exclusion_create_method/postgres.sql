CREATE TABLE "stay" (
  "id" bigint NOT NULL,
  "room" integer NOT NULL,
  "since" date,
  "until" date,
  CONSTRAINT "stay_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "one_room" EXCLUDE USING "btree" ("room" WITH =)
);
