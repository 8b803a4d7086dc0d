ALTER INDEX "users_bio" RESET ("fillfactor");
