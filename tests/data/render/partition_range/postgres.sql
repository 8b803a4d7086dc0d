CREATE TABLE "events" (
  "id" bigint NOT NULL,
  "at" date NOT NULL,
  "what" text,
  CONSTRAINT "events_pkey" PRIMARY KEY ("id", "at")
) PARTITION BY RANGE ("at");
CREATE INDEX "events_what" ON "events" ("what");
CREATE TABLE "events_2024" PARTITION OF "events" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE "events_before" PARTITION OF "events" FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE "events_rest" PARTITION OF "events" DEFAULT;
