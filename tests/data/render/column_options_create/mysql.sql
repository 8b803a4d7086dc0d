CREATE TABLE `users` (
  `id` bigint NOT NULL,
  `bio` text
);
ALTER TABLE `other` ADD COLUMN `bio` text, ALGORITHM=INSTANT;
