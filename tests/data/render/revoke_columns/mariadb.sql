REVOKE UPDATE (`email`) ON `users` FROM `app`;
