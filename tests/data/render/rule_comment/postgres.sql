COMMENT ON RULE "no_delete" ON "users" IS 'Kept';
