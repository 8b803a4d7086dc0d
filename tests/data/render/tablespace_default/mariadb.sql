CREATE TABLE `users` (
  `id` bigint NOT NULL,
  `age` int,
  PRIMARY KEY (`id`),
  INDEX `by_age` (`age`)
);
