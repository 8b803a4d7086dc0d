GRANT SELECT, INSERT (`email`), UPDATE (`age`, `email`) ON `users` TO `app`;
