DROP VIEW `adults`;
CREATE VIEW `dunlin_case_other`.`adults` AS select `users`.`id` AS `id`,`users`.`email` AS `email` from `users` where `users`.`age` >= 18;
