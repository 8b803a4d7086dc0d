REVOKE SELECT, UPDATE (`email`) ON `users` FROM `app`;
DROP TABLE `users`;
-- as a script: can't drop table users without a look at the database: trigger keep_log on users may fire before or after another one at the same moment, and its catalog alone tells which
