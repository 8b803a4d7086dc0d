ALTER TABLE notes ADD COLUMN text varchar(200);
