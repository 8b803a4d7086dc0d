ALTER TABLE `users` TABLESPACE=`innodb_system`;
