CREATE SEQUENCE `orders` COMMENT 'Numbers of orders';
GRANT SELECT, USAGE ON `orders` TO `app`;
