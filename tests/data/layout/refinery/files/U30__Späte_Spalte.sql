ALTER TABLE tags ADD COLUMN colour varchar(7);
