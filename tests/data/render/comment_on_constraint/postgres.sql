COMMENT ON CONSTRAINT "one_email" ON "users" IS 'It''s unique';
