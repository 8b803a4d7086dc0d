ALTER PUBLICATION "news" SET (publish = 'insert, truncate');
