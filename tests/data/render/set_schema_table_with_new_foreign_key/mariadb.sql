CREATE TABLE `cities` (
  `id` bigint NOT NULL,
  PRIMARY KEY (`id`)
);
ALTER TABLE `users` ADD COLUMN `city` bigint, ALGORITHM=INSTANT;
ALTER TABLE `users`
  ADD INDEX `users_city` (`city`),
  ADD CONSTRAINT `users_city` FOREIGN KEY (`city`) REFERENCES `cities` (`id`);
RENAME TABLE `users` TO `dunlin_moved_far`.`users`;
