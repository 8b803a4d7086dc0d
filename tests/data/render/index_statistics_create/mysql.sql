ALTER TABLE `users` ADD INDEX `users_search` (`age`, `email`), ALGORITHM=INPLACE, LOCK=NONE;
