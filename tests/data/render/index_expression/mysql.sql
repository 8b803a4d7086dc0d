ALTER TABLE `users` ADD INDEX `i` ((lower(email)), `age`), ALGORITHM=INPLACE, LOCK=SHARED;
