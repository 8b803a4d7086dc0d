GRANT SELECT ON `adults` TO 'app'@'%';
