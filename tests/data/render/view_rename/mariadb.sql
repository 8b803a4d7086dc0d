RENAME TABLE `adults` TO `grown ups`;
