ALTER TABLE `users`
  DROP CONSTRAINT `users_age`,
  DROP COLUMN `age`;
