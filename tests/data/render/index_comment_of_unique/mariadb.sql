ALTER TABLE `users`
  DROP INDEX `i`,
  ADD UNIQUE INDEX `i` (`age`) COMMENT 'It''s by age';
