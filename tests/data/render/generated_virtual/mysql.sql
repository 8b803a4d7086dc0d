CREATE TABLE `t` (
  `id` bigint NOT NULL,
  `a` int NOT NULL,
  `v` int GENERATED ALWAYS AS (a * 2) VIRTUAL,
  PRIMARY KEY (`id`)
);
