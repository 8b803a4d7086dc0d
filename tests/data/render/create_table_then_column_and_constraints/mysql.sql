CREATE TABLE `t` (
  `id` bigint NOT NULL,
  `a` int,
  PRIMARY KEY (`id`)
);
ALTER TABLE `t` ADD COLUMN `b` int, ALGORITHM=INSTANT;
ALTER TABLE `t`
  ADD CONSTRAINT `a_b` UNIQUE (`a`, `b`),
  ADD CONSTRAINT `b_positive` CHECK (b > 0);
