ALTER TABLE `users` TABLESPACE=`innodb_file_per_table`;
