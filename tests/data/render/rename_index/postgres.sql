ALTER INDEX "i" RENAME TO "better_name";
