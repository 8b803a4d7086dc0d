ALTER TABLE notes ADD COLUMN text varchar(200);
-- dunlin: down
ALTER TABLE notes DROP COLUMN text;
