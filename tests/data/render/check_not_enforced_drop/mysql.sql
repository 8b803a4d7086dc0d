ALTER TABLE `posts` DROP CHECK `words_positive`;
