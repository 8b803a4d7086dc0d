DROP TABLE `users`;
-- as a script: can't drop table users without a look at the database: trigger see on log may stand on it, and its catalog alone tells how
