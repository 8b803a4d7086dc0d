GRANT INSERT, SELECT ON `users` TO 'app'@'%';
