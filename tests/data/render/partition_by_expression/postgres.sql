CREATE TABLE "events" (
  "id" bigint NOT NULL,
  "at" date NOT NULL,
  "what" text
) PARTITION BY RANGE ((date_part('year', at)));
CREATE TABLE "events_2024" PARTITION OF "events" FOR VALUES FROM (2024) TO (2025);
