ALTER TABLE users ADD COLUMN email VARCHAR(100) NULL AFTER name, ADD UNIQUE KEY users_email (email);
