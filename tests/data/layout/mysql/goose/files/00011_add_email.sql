-- +goose Up
ALTER TABLE users ADD COLUMN email VARCHAR(100) NULL AFTER name, ADD UNIQUE KEY users_email (email);

-- +goose Down
ALTER TABLE users DROP KEY users_email, DROP COLUMN email;
