COMMENT ON INDEX "totals_day" IS 'by day';
