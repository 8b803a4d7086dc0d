CREATE UNLOGGED TABLE "t" (
  "id" bigint NOT NULL,
  "a" text,
  CONSTRAINT "t_pkey" PRIMARY KEY ("id")
);
