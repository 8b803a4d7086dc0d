REVOKE SELECT ON `users` FROM 'app'@'%';
