ALTER TABLE `users` ADD INDEX `users_search` (`age`, `email`), ALGORITHM=NOCOPY, LOCK=NONE;
