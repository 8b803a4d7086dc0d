RENAME TABLE `orders` TO `bills`;
