CREATE OR REPLACE VIEW `adults` AS select `users`.`id` AS `id`,`users`.`email` AS `email` from `users` where (`users`.`age` >= 18);
