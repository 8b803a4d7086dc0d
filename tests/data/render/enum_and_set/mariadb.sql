CREATE TABLE `t` (
  `id` bigint NOT NULL,
  `status` enum('draft','it''s') NOT NULL DEFAULT 'draft',
  `tags` set('a','b'),
  PRIMARY KEY (`id`)
);
