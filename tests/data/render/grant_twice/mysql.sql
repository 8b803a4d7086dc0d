GRANT UPDATE ON `users` TO 'app'@'%';
