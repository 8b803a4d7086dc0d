ALTER TABLE `users` MODIFY COLUMN `email` varchar(255) NOT NULL DEFAULT 'nobody', ALGORITHM=INSTANT;
-- as a script: can't alter default of column users.email without a look at the database: view adults may stand on it, and its catalog alone tells how
