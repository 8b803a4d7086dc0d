ALTER TABLE `t` MODIFY COLUMN `at` datetime DEFAULT current_timestamp() ON UPDATE current_timestamp(), ALGORITHM=INSTANT;
