DROP INDEX "totals_day";
