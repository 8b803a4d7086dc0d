REVOKE SELECT, UPDATE (`email`) ON `users` FROM `app`;
DROP TABLE `users`;
