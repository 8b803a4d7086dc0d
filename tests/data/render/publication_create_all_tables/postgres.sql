CREATE PUBLICATION "news" FOR ALL TABLES WITH (publish = 'insert, update', publish_via_partition_root = true);
COMMENT ON PUBLICATION "news" IS 'It''s all';
