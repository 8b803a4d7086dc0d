CREATE TABLE IF NOT EXISTS "new" (
  "id" bigint NOT NULL,
  CONSTRAINT "new_pkey" PRIMARY KEY ("id")
);
