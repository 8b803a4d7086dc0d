ALTER TABLE `users`
  MODIFY COLUMN `bio` text FIRST,
  MODIFY COLUMN `id` bigint(20) NOT NULL AFTER `bio`,
  MODIFY COLUMN `email` varchar(255) NOT NULL DEFAULT '-' COMMENT 'kept' AFTER `age`,
  MODIFY COLUMN `age` int(11) COMMENT 'years',
  ALGORITHM=INSTANT;
