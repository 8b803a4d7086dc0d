ALTER TABLE `events` TRUNCATE PARTITION `p2024`;
-- can't undo empty partition p2024 of table events: the rows of partition p2024 aren't remembered; write a down
