ALTER DOMAIN "positive" RENAME TO "natural";
