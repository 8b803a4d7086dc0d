CREATE TABLE "events" (
  "id" bigint NOT NULL,
  "at" date NOT NULL,
  "what" text,
  CONSTRAINT "events_pkey" PRIMARY KEY ("id", "at")
) PARTITION BY RANGE ("at");
