ALTER TABLE "users" DISABLE RULE "no_delete";
