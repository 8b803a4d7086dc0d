CREATE TABLE `users` (
  `id` bigint NOT NULL,
  PRIMARY KEY (`id`)
) TABLESPACE=`innodb_file_per_table`;
