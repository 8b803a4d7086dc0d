-- dunlin: revises 20260101_120000_create_notes
ALTER TABLE notes ADD COLUMN text varchar(200);
-- dunlin: down
ALTER TABLE notes DROP COLUMN text;
