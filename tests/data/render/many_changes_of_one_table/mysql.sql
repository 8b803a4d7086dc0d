ALTER TABLE `users`
  ADD COLUMN `nick` varchar(20),
  MODIFY COLUMN `age` int NOT NULL DEFAULT 1,
  DROP COLUMN `email`;
ALTER TABLE `users`
  ADD INDEX `users_nick` (`nick`),
  ADD CONSTRAINT `grown_up` CHECK (age >= 18);
