GRANT SELECT ON `users` TO 'app'@'localhost' WITH GRANT OPTION;
