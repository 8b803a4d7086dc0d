CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "status" text NOT NULL DEFAULT 'draft',
  "tags" text,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "t_status_check" CHECK ("status" IN ('draft', 'it''s')),
  CONSTRAINT "t_tags_check" CHECK ("tags" = '' OR replace(replace(',' || "tags" || ',', ',a,', ','), ',b,', ',') = ',')
);
