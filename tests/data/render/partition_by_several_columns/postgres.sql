CREATE TABLE "events" (
  "id" bigint NOT NULL,
  "at" date NOT NULL,
  "what" text,
  CONSTRAINT "events_pkey" PRIMARY KEY ("id", "at")
) PARTITION BY RANGE ("at", "id");
CREATE TABLE "events_2024" PARTITION OF "events" FOR VALUES FROM ('2024-01-01', MINVALUE) TO ('2025-01-01', MINVALUE);
