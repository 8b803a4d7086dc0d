CREATE SEQUENCE `orders`;
CREATE TABLE `bill` (
  `id` bigint NOT NULL,
  `number` bigint DEFAULT (nextval(orders)),
  PRIMARY KEY (`id`)
);
