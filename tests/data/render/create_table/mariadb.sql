CREATE TABLE `users` (
  `id` bigint NOT NULL,
  `email` varchar(255) NOT NULL,
  `bio` text,
  `is_admin` tinyint(1) NOT NULL DEFAULT FALSE,
  PRIMARY KEY (`id`),
  CONSTRAINT `users_email_key` UNIQUE (`email`),
  INDEX `users_email_idx` (`email`, `id`)
);
