DROP TRIGGER "forget" ON "log";
DROP TABLE "users";
