ALTER TABLE users ADD COLUMN email varchar(255);
UPDATE users SET email = name || '@example.com' WHERE email IS NULL;
