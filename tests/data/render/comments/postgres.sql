CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "a" integer,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "t_a" ON "t" ("a");
COMMENT ON TABLE "t" IS 'a table''s comment';
COMMENT ON COLUMN "t"."id" IS 'the key';
COMMENT ON COLUMN "t"."a" IS E'it''s; \\ "quoted"';
COMMENT ON INDEX "t_a" IS 'an index';
COMMENT ON TABLE "t" IS NULL;
COMMENT ON COLUMN "t"."a" IS 'other';
