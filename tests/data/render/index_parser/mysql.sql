ALTER TABLE `users` ADD FULLTEXT INDEX `i` (`email`) COMMENT 'words' WITH PARSER `ngram`;
ALTER TABLE `users`
  DROP INDEX `i`,
  ADD FULLTEXT INDEX `i` (`email`) WITH PARSER `ngram`;
