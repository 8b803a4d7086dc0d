ALTER TABLE `users` MODIFY COLUMN `email` varchar(100), ALGORITHM=INPLACE, LOCK=NONE;
DROP VIEW `people`;
DROP TABLE `users`;
-- as a script: can't alter not null of column users.email without a look at the database: view people may stand on it, and its catalog alone tells how
