CREATE TABLE `t` (
  `id` bigint NOT NULL,
  `a` int NOT NULL,
  `s` int GENERATED ALWAYS AS (a + 1) STORED,
  PRIMARY KEY (`id`)
);
