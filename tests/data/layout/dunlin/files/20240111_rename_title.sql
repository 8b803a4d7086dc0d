ALTER TABLE products RENAME COLUMN title TO name;

-- dunlin: down
ALTER TABLE products RENAME COLUMN name TO title;
