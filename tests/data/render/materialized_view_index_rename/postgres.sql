ALTER INDEX "totals_day" RENAME TO "by_day";
