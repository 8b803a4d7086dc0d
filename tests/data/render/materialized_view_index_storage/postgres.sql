ALTER INDEX "totals_day" SET ("fillfactor" = '70');
