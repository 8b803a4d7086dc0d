RENAME TABLE `users` TO `people`;
DROP TABLE `people`;
