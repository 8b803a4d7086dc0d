REVOKE SELECT, UPDATE (`email`) ON `users` FROM `app`;
RENAME TABLE `users` TO `people`;
GRANT SELECT, UPDATE (`email`) ON `people` TO `app`;
