ALTER TABLE `users` ADD COLUMN `at` datetime NOT NULL DEFAULT current_timestamp(), ALGORITHM=INSTANT;
