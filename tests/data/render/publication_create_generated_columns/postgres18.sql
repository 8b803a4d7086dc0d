CREATE PUBLICATION "news" FOR ALL TABLES WITH (publish_generated_columns = stored);
