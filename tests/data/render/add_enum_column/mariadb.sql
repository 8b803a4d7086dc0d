ALTER TABLE `users` ADD COLUMN `kind` enum('x','y') NOT NULL DEFAULT 'x';
