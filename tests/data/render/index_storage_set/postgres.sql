ALTER INDEX "users_bio" SET ("fillfactor" = '70');
