REVOKE SELECT ON `adults` FROM `app`;
RENAME TABLE `adults` TO `grown_ups`;
GRANT SELECT ON `grown_ups` TO `app`;
