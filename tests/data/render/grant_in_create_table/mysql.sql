CREATE TABLE `users` (
  `id` bigint NOT NULL,
  `email` varchar(255),
  PRIMARY KEY (`id`)
);
GRANT SELECT, UPDATE (`email`) ON `users` TO 'app'@'%';
