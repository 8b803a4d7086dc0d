DROP PUBLICATION "news";
CREATE PUBLICATION "news" FOR ALL TABLES WITH (publish = 'insert');
COMMENT ON PUBLICATION "news" IS 'for the others';
