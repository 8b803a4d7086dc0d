DELETE FROM `pairs` WHERE (`a` = 1 AND `b` = 'x') OR (`a` = 2 AND `b` = 'y');
DELETE FROM `users` WHERE `id` IN (1, 2);
