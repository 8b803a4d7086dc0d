ALTER TABLE `orders` COMMENT='Numbers of orders';
