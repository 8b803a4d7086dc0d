ALTER TABLE `users` ADD UNIQUE INDEX `i` (`age`) COMMENT 'kept for June' INVISIBLE;
