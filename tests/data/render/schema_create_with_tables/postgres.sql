CREATE SCHEMA "dunlin_case_audit";
CREATE TABLE "dunlin_case_audit"."log" (
  "id" bigint NOT NULL,
  CONSTRAINT "log_pkey" PRIMARY KEY ("id")
);
