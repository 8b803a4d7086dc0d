ALTER PUBLICATION "news" SET (publish_generated_columns = stored);
