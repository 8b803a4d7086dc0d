CREATE TABLE `hens` (
  `id` bigint NOT NULL,
  `egg_id` bigint,
  PRIMARY KEY (`id`)
);
CREATE TABLE `eggs` (
  `id` bigint NOT NULL,
  `hen_id` bigint,
  PRIMARY KEY (`id`),
  CONSTRAINT `eggs_hen` FOREIGN KEY (`hen_id`) REFERENCES `hens` (`id`),
  INDEX `eggs_hen` (`hen_id`)
);
ALTER TABLE `hens`
  ADD INDEX `hens_egg` (`egg_id`),
  ADD CONSTRAINT `hens_egg` FOREIGN KEY (`egg_id`) REFERENCES `eggs` (`id`);
