ALTER TABLE `t` MODIFY COLUMN `status` enum('draft','live','gone') NOT NULL, ALGORITHM=INSTANT;
