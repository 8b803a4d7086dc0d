COMMENT ON COLUMN "totals"."age" IS 'In years';
