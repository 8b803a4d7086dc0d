ALTER TABLE posts DROP COLUMN title;
-- dunlin: down
ALTER TABLE posts ADD COLUMN title varchar(80);
