CREATE VIEW `people` AS SELECT id, age FROM users;
ALTER TABLE `users` MODIFY COLUMN `email` varchar(100);
