CREATE TABLE `users` (
  `id` bigint NOT NULL,
  `email` varchar(255) NOT NULL,
  `age` int,
  PRIMARY KEY (`id`)
);
CREATE VIEW `adults` AS SELECT id, email FROM users WHERE age >= 18;
