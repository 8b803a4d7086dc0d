CREATE TABLE `t` (
  `id` bigint NOT NULL COMMENT 'the key',
  `a` int COMMENT 'it''s; \\ "quoted"',
  PRIMARY KEY (`id`),
  INDEX `t_a` (`a`) COMMENT 'an index'
) COMMENT='a table''s comment';
ALTER TABLE `t`
  COMMENT='',
  MODIFY COLUMN `a` int COMMENT 'other',
  ALGORITHM=INPLACE, LOCK=NONE;
