ALTER TABLE `t` MODIFY COLUMN `status` enum('draft','live','gone') CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL;
