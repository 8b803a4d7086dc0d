CREATE TABLE `users` (
  `id` bigint NOT NULL,
  `age` int,
  PRIMARY KEY (`id`),
  CONSTRAINT `of_age` CHECK (age > 17)
);
