DROP TRIGGER `forget`;
DROP TABLE `users`;
