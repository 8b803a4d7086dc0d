ALTER TABLE `users` RENAME INDEX `i` TO `better_name`;
