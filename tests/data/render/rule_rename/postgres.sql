ALTER RULE "no_delete" ON "users" RENAME TO "keep all";
