CREATE TABLE "events_2024" PARTITION OF "events" (
  CONSTRAINT "short" CHECK (length(what) < 100)
) FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') WITH ("fillfactor" = '70');
CREATE INDEX "events_2024_what" ON "events_2024" ("what");
COMMENT ON TABLE "events_2024" IS 'Long ago';
GRANT SELECT ON TABLE "events_2024" TO "app";
