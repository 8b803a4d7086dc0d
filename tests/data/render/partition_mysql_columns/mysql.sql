ALTER TABLE `events`
  ADD COLUMN `who` bigint,
  MODIFY COLUMN `what` varchar(20) NOT NULL;
