ALTER TABLE users DROP KEY users_email, DROP COLUMN email
