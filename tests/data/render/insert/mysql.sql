INSERT INTO `users` (`id`, `email`, `age`) VALUES (1, 'it''s \\ "x" ü😀', NULL), (2, '''; DROP TABLE users; --', -3);
