RENAME TABLE `orders` TO `dunlin_case_other`.`orders`;
