ALTER TABLE `users`
  DROP INDEX `i`,
  ADD INDEX `i` (`age`) COMMENT 'It''s by age',
  ALGORITHM=NOCOPY, LOCK=NONE;
