ALTER TABLE `posts`
  DEFAULT CHARACTER SET=utf8mb4,
  COLLATE=utf8mb4_0900_ai_ci,
  MODIFY COLUMN `title` varchar(80) NOT NULL DEFAULT 'none',
  MODIFY COLUMN `body` mediumtext,
  MODIFY COLUMN `old` varchar(20),
  MODIFY COLUMN `kind` enum('a','b');
