CREATE TABLE "t" (
  "id" INTEGER NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'draft',
  "tags" TEXT,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "t_status_check" CHECK ("status" IN ('draft', 'it''s')),
  CONSTRAINT "t_tags_check" CHECK ("tags" = '' OR replace(replace(',' || "tags" || ',', ',a,', ','), ',b,', ',') = ',')
);
