RENAME TABLE `users` TO `dunlin_case_other`.`users`;
