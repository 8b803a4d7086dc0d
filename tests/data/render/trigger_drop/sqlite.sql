DROP TRIGGER "keep_log";
