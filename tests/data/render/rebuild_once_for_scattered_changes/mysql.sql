ALTER TABLE `users` MODIFY COLUMN `age` int DEFAULT 18;
ALTER TABLE `users` RENAME COLUMN `name` TO `full_name`;
ALTER TABLE `users` COMMENT='those who write';
ALTER TABLE `posts` MODIFY COLUMN `author` bigint DEFAULT 1;
ALTER TABLE `users`
  RENAME INDEX `by_age` TO `by_years`,
  MODIFY COLUMN `full_name` varchar(255) DEFAULT 'nobody',
  ADD CONSTRAINT `users_full_name_key` UNIQUE (`full_name`);
ALTER TABLE `posts` ADD COLUMN `title` varchar(80);
ALTER TABLE `users` MODIFY COLUMN `age` int NOT NULL DEFAULT 18;
