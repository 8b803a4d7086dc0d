ALTER TABLE `posts` ALTER CHECK `words_positive` NOT ENFORCED;
