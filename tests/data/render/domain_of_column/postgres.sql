CREATE DOMAIN "positive" AS integer CONSTRAINT "above_zero" CHECK (VALUE > 0);
CREATE TABLE "stock" (
  "id" bigint NOT NULL,
  "count" positive DEFAULT 5,
  CONSTRAINT "stock_pkey" PRIMARY KEY ("id")
);
